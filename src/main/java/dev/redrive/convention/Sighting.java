package dev.redrive.convention;

import dev.redrive.letter.Content;
import dev.redrive.letter.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one convention found on a record.
 *
 * @param hops oldest first, at least one
 * @param unwrapped what an envelope held, null where there is none
 */
record Sighting(
        List<Hop> hops,
        Payload payload,
        Replay replay,
        @Nullable Content unwrapped) {

    /** What may be sent. */
    enum Replay {
        /** {@code unwrapped}, or else the record's own bytes. */
        AS_IS,
        /** Nothing of this record: the original has to be fetched from its coordinates. */
        FETCH_ORIGINAL,
        /** Nothing at all. */
        NEVER
    }

    Sighting {
        hops = List.copyOf(hops);
    }

    static Sighting of(Hop... hops) {
        return of(List.of(hops));
    }

    static Sighting of(List<Hop> hops) {
        return new Sighting(hops, Payload.PRESENT, Replay.AS_IS, null);
    }

    /** The failed bytes are not here but where the hops point to. */
    Sighting pointing(Payload instead) {
        return new Sighting(hops, instead, Replay.FETCH_ORIGINAL, null);
    }

    /** The failed bytes are neither here nor known to be elsewhere. */
    Sighting without(Payload instead) {
        return new Sighting(hops, instead, Replay.NEVER, null);
    }

    Sighting unwrapping(Content content) {
        return new Sighting(hops, payload, replay, content);
    }

    Hop oldest() {
        return hops.get(0);
    }

    Hop newest() {
        return hops.get(hops.size() - 1);
    }
}
