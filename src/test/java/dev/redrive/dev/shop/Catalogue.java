package dev.redrive.dev.shop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/** What the stock keeper depends on. It learns of a new item some time after it was first asked for it. */
final class Catalogue implements Predicate<String> {

    private final Clock clock;
    private final Duration delay;
    private final ConcurrentMap<String, Instant> firstAsked = new ConcurrentHashMap<>();

    Catalogue(Clock clock, Duration delay) {
        this.clock = clock;
        this.delay = delay;
        firstAsked.put("cape", Instant.MIN);
    }

    @Override
    public boolean test(String item) {
        var now = clock.instant();
        return firstAsked.computeIfAbsent(item, asked -> now).isBefore(now.minus(delay));
    }
}
