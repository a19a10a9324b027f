package dev.graft.trainer.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Asks for a version of a model in production.
public record ProductionRequest(
        @Schema(examples = "2") @NotNull @Min(1) @Max(Integer.MAX_VALUE)
        Integer version) {}
