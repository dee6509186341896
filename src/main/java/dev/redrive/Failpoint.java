package dev.redrive;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named points at which a test lets the process die, fail or stall; without the system property
 * {@code redrive.failpoint} they cost one map look-up and do nothing.
 *
 * <p>{@code -Dredrive.failpoint=<point>:<halt|throw|sleep=ms>[@n[..m]][,…]}: {@code @n} acts on the n-th pass only,
 * {@code @n..m} up to the m-th, otherwise on every one. {@code halt} is {@link Runtime#halt}: no hooks, like SIGKILL. {@code sleep} blocks the
 * calling thread, which is what a stop-the-world pause does.
 */
public final class Failpoint {

    private record Action(String what, int from, int to, AtomicInteger passes) {

        boolean isDue() {
            int pass = passes.incrementAndGet();
            return from <= pass && pass <= to;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Failpoint.class);
    private static final Map<String, Action> ACTIONS = parse(System.getProperty("redrive.failpoint"));

    private Failpoint() {}

    /** @throws IllegalStateException where the test asked for it */
    public static void pass(String point) {
        if (ACTIONS.isEmpty()) {
            return;
        }
        var action = ACTIONS.get(point);
        if (action == null || !action.isDue()) {
            return;
        }
        // Said first, so that a test knows that it came to this.
        LOG.info("Failpoint {}: {}", point, action.what());
        if (action.what().equals("halt")) {
            Runtime.getRuntime().halt(137);
        }
        if (action.what().startsWith("sleep=")) {
            stall(Long.parseLong(action.what().substring("sleep=".length())));
            return;
        }
        throw new IllegalStateException("Failpoint " + point);
    }

    /** Blocks on purpose, the event loop too: a process that is paused answers nobody and no timer of it fires. */
    private static void stall(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Action> parse(@Nullable String property) {
        if (property == null || property.isBlank()) {
            return Map.of();
        }
        return Stream.of(property.split(","))
                .map(text -> text.split("[:@]"))
                .collect(Collectors.toMap(parts -> parts[0], Failpoint::action));
    }

    private static Action action(String[] parts) {
        if (parts.length == 2) {
            return new Action(parts[1], 1, Integer.MAX_VALUE, new AtomicInteger());
        }
        var passes = parts[2].split("\\.\\.");
        return new Action(
                parts[1],
                Integer.parseInt(passes[0]),
                Integer.parseInt(passes[passes.length - 1]),
                new AtomicInteger());
    }
}
