package dev.redrive.ingest;

import io.netty.handler.codec.EncoderException;
import io.vertx.pgclient.PgException;

/**
 * Whether Postgres refuses these letters or is itself in trouble. Only what is surely the letters' fault is treated so,
 * because everything else gets better by waiting, and a letter stored as less than it is does not.
 */
enum SqlFault {
    /** Postgres, or the way to it: the same letters will be taken later. */
    OUTAGE,
    /** One of the letters: classes 22 (data), 23 (integrity) and 54 (limits), or bytes the driver cannot encode. */
    POISON;

    static SqlFault of(Throwable failure) {
        if (failure instanceof PgException refused && refused.getSqlState() != null) {
            var state = refused.getSqlState();
            return state.startsWith("22") || state.startsWith("23") || state.startsWith("54") ? POISON : OUTAGE;
        }
        return failure instanceof EncoderException ? POISON : OUTAGE;
    }

    /** For a reader of the row: five characters of SQLSTATE, or {@code driver}. */
    static String reason(Throwable failure) {
        return failure instanceof PgException refused && refused.getSqlState() != null
                ? refused.getSqlState()
                : "driver";
    }
}
