package dev.redrive;

import org.slf4j.Logger;

/** Tells of a failure when it begins, and not again with every turn while it lasts. Of one event loop. */
public final class LastingFailure {

    private final Logger log;
    private final String consequence;
    private boolean lasts;

    /** @param consequence what a person is to know: a sentence without its full stop; the failure is added to it */
    public LastingFailure(Logger log, String consequence) {
        this.log = log;
        this.consequence = consequence;
    }

    public void tell(Throwable failure) {
        if (!lasts) {
            log.warn("{}: {}", consequence, failure.toString());
            log.debug("Cause", failure);
        }
        lasts = true;
    }

    /** The next one is told again. */
    public void over() {
        lasts = false;
    }
}
