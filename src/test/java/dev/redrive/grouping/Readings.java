package dev.redrive.grouping;

import dev.redrive.letter.Failure;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Reading;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Readings for tests, of a convention that told only origin and failure. */
final class Readings {

    private Readings() {}

    static Reading of(Origin origin, Failure failure) {
        return new Reading("spring-kafka", origin, failure, null, Payload.PRESENT, true, List.of(), null, Map.of());
    }

    static Reading of(
            @Nullable String exception, @Nullable String cause, @Nullable String message, @Nullable String trace) {
        return of(
                new Origin("orders", null, null, null, "shop", null),
                new Failure(exception, cause, message, trace, null));
    }
}
