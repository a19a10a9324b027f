package dev.graft.networks.network;

/// One row of the table that describes a network to its readers.
///
/// @param name name of the step
/// @param stage name of the stage it belongs to
/// @param type kind of operation, such as `Conv2d`
/// @param outputShape shape of its result for one image
/// @param parameters number of learned parameters
/// @param multiplyAdds multiply-add steps for one image
public record Layer(String name, String stage, String type, Shape outputShape, long parameters, long multiplyAdds) {}
