package dev.redrive.cluster;

import java.util.Locale;

/** How a check ended, the worst first. */
enum ReadinessLevel {
    FAIL,
    WARN,
    /** It could not be made; this is no finding. */
    UNKNOWN,
    OK;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
