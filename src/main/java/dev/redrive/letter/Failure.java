package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * What the framework reported about the latest failure. Text is decoded as UTF-8 with replacement and holds no NUL;
 * its length is whatever the framework wrote. Each part may be unknown, then it is null.
 *
 * @param exceptionClass as reported, often a framework's wrapper
 * @param causeClass the class below the wrapper
 * @param attempts deliveries made, 1 or more
 */
public record Failure(
        @Nullable String exceptionClass,
        @Nullable String causeClass,
        @Nullable String message,
        @Nullable String stackTrace,
        @Nullable Integer attempts) {

    public static final Failure UNKNOWN = new Failure(null, null, null, null, null);
}
