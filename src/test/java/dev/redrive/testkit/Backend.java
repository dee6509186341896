package dev.redrive.testkit;

import java.util.Locale;

/** Where Postgres and Kafka come from: system property {@code test.backend}, embedded when it is not given. */
enum Backend {
    /** Child processes of the test, for machines without Docker. */
    EMBEDDED,
    /** Testcontainers. */
    CONTAINERS,
    /** Servers that run already; their addresses are in the environment. */
    EXTERNAL;

    static Backend chosen() {
        return valueOf(System.getProperty("test.backend", "embedded").toUpperCase(Locale.ROOT));
    }

    /** @throws IllegalStateException when the backend is external and the variable is not set */
    static String address(String variable) {
        var address = System.getenv(variable);
        if (address == null || address.isBlank()) {
            throw new IllegalStateException("-Dtest.backend=external needs " + variable + " in the environment");
        }
        return address;
    }
}
