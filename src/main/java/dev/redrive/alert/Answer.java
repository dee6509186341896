package dev.redrive.alert;

import java.time.Duration;

/** What came of one POST. Nothing of a response but its status is kept. */
sealed interface Answer {

    /** 2xx. */
    record Accepted(int status) implements Answer {}

    /**
     * Any other status, redirects included.
     *
     * @param retryAfter what the receiver asks for, zero for nothing
     */
    record Refused(int status, Duration retryAfter) implements Answer {}

    /** 410: the receiver wants no more of this. */
    record Gone() implements Answer {}

    /** No status at all. @param reason a sentence without the address, which may be a secret */
    record Unreachable(String reason) implements Answer {}
}
