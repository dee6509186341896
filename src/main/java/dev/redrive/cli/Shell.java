package dev.redrive.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a command finds around it.
 *
 * @param pauses before each further try, where an answer was lost
 */
record Shell(Terminal terminal, Map<String, String> environment, List<Duration> pauses) {

    /** Half a minute altogether: long enough for a restart of Redrive, short enough for somebody who waits. */
    static final List<Duration> PATIENT = List.of(
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15));

    Shell {
        environment = Map.copyOf(environment);
        pauses = List.copyOf(pauses);
    }
}
