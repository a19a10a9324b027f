package dev.graft.cli;

import picocli.CommandLine.IVersionProvider;

/// Reads the version of the build.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Graft.class.getPackage().getImplementationVersion();
        return new String[] {"graft " + (version == null ? "(not packaged)" : version)};
    }
}
