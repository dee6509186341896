package dev.redrive.job;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was ordered, as far as whoever does the work needs it.
 *
 * @param undoes the job whose changes are put back, null where this one changes something itself
 * @param retry whose letters are taken up again, null where a selection says which ones are meant
 */
public record JobOrder(
        UUID id,
        String type,
        JsonObject options,
        String actor,
        String reason,
        @Nullable UUID undoes,
        @Nullable Retry retry) {

    /** @param results of items of the job; their letters are meant, and of what came back the letters it came back as */
    public record Retry(UUID job, Set<String> results) {
        public Retry {
            results = Set.copyOf(results);
        }
    }

    JobOrder(UUID id, String type, JsonObject options, String actor, String reason, @Nullable UUID undoes) {
        this(id, type, options, actor, reason, undoes, null);
    }
}
