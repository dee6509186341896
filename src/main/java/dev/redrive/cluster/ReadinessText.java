package dev.redrive.cluster;

import java.time.Duration;
import java.util.Locale;

/** Figures as people say them. */
final class ReadinessText {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private ReadinessText() {}

    static String bytes(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }

    /** What bounds a topic. @param millis below 0 without a bound by age; {@code bytes} by the size of a partition */
    static String kept(long millis, long bytes) {
        var size = "t most " + bytes(bytes) + " a partition";
        if (millis < 0) {
            return bytes < 0 ? "Kept for ever" : "A" + size;
        }
        return "Kept " + time(millis) + (bytes < 0 ? "" : ", a" + size);
    }

    /** @param millis below 0 for ever */
    static String time(long millis) {
        if (millis < 0) {
            return "for ever";
        }
        var time = Duration.ofMillis(millis);
        return time.toHours() < 48
                ? time.toHours() > 0 ? time.toHours() + " h" : time.toSeconds() + " s"
                : time.toDays() + " d";
    }
}
