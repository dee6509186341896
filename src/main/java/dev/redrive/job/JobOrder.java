package dev.redrive.job;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was ordered, as far as whoever does the work needs it.
 *
 * @param undoes the job whose changes are put back, null where this one changes something itself
 */
public record JobOrder(
        UUID id,
        String type,
        JsonObject options,
        String actor,
        String reason,
        @Nullable UUID undoes) {}
