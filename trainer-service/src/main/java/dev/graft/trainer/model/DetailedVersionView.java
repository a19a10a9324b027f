package dev.graft.trainer.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Describes a version of a model with its `model.json`.
public record DetailedVersionView(
        @JsonUnwrapped ModelVersionView version,

        @Schema(
                type = SchemaType.OBJECT,
                implementation = Object.class,
                description = "The version's `model.json`: specification, lineage, labels, metrics, digests")
        @JsonRawValue
        String card) {}
