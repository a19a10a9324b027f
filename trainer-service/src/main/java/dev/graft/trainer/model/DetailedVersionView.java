package dev.graft.trainer.model;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Describes a version of a model with its `model.json`.
///
/// @param described unwrapped, and not named as one of its own members: the OpenAPI document would leave that
///                  member out
@Schema(examples = """
        {"model": "flowers", "version": 2, "run": "7d5c0f5e-1c1b-4d4e-9a55-0e6a7a3b2c11",
        "digest": "8a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b47608a3f5c1e9d2b4760",
        "testAccuracy": 0.96, "registeredAt": "2026-03-01T09:30:00Z", "production": true,
        "card": {"model": "flowers", "version": 2, "labels": ["daisy", "tulip"]}}""")
public record DetailedVersionView(
        @JsonUnwrapped ModelVersionView described,

        @Schema(
                type = SchemaType.OBJECT,
                implementation = Object.class,
                description = "The version's `model.json`: specification, lineage, labels, metrics, digests")
        @JsonRawValue
        String card) {}
