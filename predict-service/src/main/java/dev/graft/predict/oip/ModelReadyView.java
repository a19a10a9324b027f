package dev.graft.predict.oip;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Says that a model is served.
@Schema(examples = """
        {"name": "flowers", "ready": true}""")
record ModelReadyView(String name, boolean ready) {}
