package dev.redrive.convention;

import dev.redrive.letter.Arrival;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Reading;
import java.util.List;
import java.util.Map;

/**
 * Every way we know in which a framework writes a dead letter. Immutable, free of input and output, and total: no
 * bytes make it throw. Safe on an event loop; the work is bounded by the size of the record.
 */
public final class Conventions {
    private static final Conventions STANDARD = new Conventions();

    private Conventions() {}

    /** All conventions of {@code docs/conventions.md}. */
    public static Conventions standard() {
        return STANDARD;
    }

    /** What the record says about its origin and failure; {@code unknown} where no convention wrote it. */
    public Reading read(Arrival arrival) {
        return new Reading(
                Reading.UNKNOWN,
                Origin.UNKNOWN,
                Failure.UNKNOWN,
                null,
                Payload.PRESENT,
                true,
                List.of(),
                null,
                Map.of());
    }

    /** Whether a known family of headers or a known envelope is on the record, whatever its topic is called. */
    public boolean recognises(Arrival arrival) {
        return !read(arrival).convention().equals(Reading.UNKNOWN);
    }
}
