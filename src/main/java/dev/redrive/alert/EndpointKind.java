package dev.redrive.alert;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** What speaks at the other end. */
enum EndpointKind {
    WEBHOOK(Duration.ZERO),
    /** About one message per second and hook, says docs.slack.dev (rate limits); bursts are not promised. */
    SLACK(Duration.ofSeconds(1)),
    /** Throttled above four requests per second (learn.microsoft.com, Teams webhooks). */
    TEAMS(Duration.ofMillis(300)),
    PAGERDUTY(Duration.ZERO),
    ALERTMANAGER(Duration.ZERO),
    MAIL(Duration.ZERO),
    /** Hears that Redrive lives, and of no alert. */
    HEARTBEAT(Duration.ZERO);

    private final Duration pause;

    EndpointKind(Duration pause) {
        this.pause = pause;
    }

    /** How long the endpoint is left alone after each message, whichever process sent it. */
    Duration pause() {
        return pause;
    }

    /** As the contract has it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param word one of the contract's or the database's */
    static EndpointKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No kind of endpoint: " + word));
    }
}
