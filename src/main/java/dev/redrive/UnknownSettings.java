package dev.redrive;

import dev.redrive.filter.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names that look like a setting and are read by nobody: most are misspelt, and what they should have changed stays as it
 * was. They are told and not refused, because one that a newer Redrive no longer knows must not keep it from starting.
 */
final class UnknownSettings {

    private static final String FILE = "_FILE";

    /** Read where the file of settings is looked for, by the log and by the commands of the same program. */
    private static final Set<String> READ_ELSEWHERE =
            Set.of("REDRIVE_CONFIG", "REDRIVE_LOG_LEVEL", "REDRIVE_URL", "REDRIVE_TOKEN", "REDRIVE_MANAGEMENT_URL");

    /** What Kubernetes tells each container of a service that is called redrive ({@code enableServiceLinks}). */
    private static final Pattern OF_A_SERVICE =
            Pattern.compile("REDRIVE_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_[0-9]+_.+)?)");

    private UnknownSettings() {}

    /**
     * @param given all names that begin with REDRIVE_
     * @param known those that were asked for, without {@code _FILE}
     * @return a sentence for each that is not known, by name
     */
    static List<String> among(Collection<String> given, Collection<String> known) {
        var candidates = known.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
        return given.stream()
                .filter(name -> !known.contains(withoutFile(name)))
                .filter(name -> !READ_ELSEWHERE.contains(name))
                .filter(name -> !OF_A_SERVICE.matcher(name).matches())
                .sorted()
                .map(name -> name + " is no setting and changes nothing" + meant(withoutFile(name), candidates))
                .toList();
    }

    private static String withoutFile(String name) {
        return name.endsWith(FILE) ? name.substring(0, name.length() - FILE.length()) : name;
    }

    private static String meant(String name, List<String> candidates) {
        return Nearest.of(name, candidates)
                .map(nearest -> "; was " + nearest.toUpperCase(Locale.ROOT) + " meant?")
                .orElse("");
    }
}
