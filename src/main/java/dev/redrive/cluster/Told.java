package dev.redrive.cluster;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Whether somebody hears of the letters of a topic. Safe from any thread. */
public interface Told {

    enum Answer {
        YES,
        /** No rule that is switched on and has an endpoint tells of all of its letters. */
        NO_RULE,
        /** Nothing is told to anybody, of this topic or of any other. */
        NO_ENDPOINT
    }

    /** @param origin whose letters they are; null where that is not known */
    Future<Answer> of(String deadLetterTopic, @Nullable String origin);

    /** @return whether anybody is told of anything at all */
    Future<Boolean> isAnybodyThere();
}
