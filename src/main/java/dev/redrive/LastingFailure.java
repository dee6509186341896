package dev.redrive;

import java.time.Duration;
import org.slf4j.Logger;

/**
 * Tells of a failure when it begins and when it is over, and not with every turn while it lasts. Of one event loop.
 */
public final class LastingFailure {

    private final Logger log;
    private final String consequence;
    private boolean lasts;
    private long began;

    /** @param consequence what a person is to know: a sentence without its full stop; the failure is added to it */
    public LastingFailure(Logger log, String consequence) {
        this.log = log;
        this.consequence = consequence;
    }

    public void tell(Throwable failure) {
        if (!lasts) {
            log.warn("{}: {}", consequence, failure.toString());
            log.debug("Cause", failure);
            began = System.nanoTime();
        }
        lasts = true;
    }

    /** To be called whenever it went well. The next failure is told again. */
    public void over() {
        if (lasts) {
            log.info(
                    "Over after {} s: {}",
                    Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                    consequence);
        }
        lasts = false;
    }
}
