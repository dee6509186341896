package dev.redrive.cluster;

import dev.redrive.Settings;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether ingest, which read a topic once, reads it still: what was found out by records then is not found out again. */
record StillRead(Settings.Cluster settings, TopicNames names) {

    /**
     * @param decision {@code include} or {@code exclude} of an operator, null where nobody decided
     * @param all names of all topics of the cluster
     */
    boolean isRead(String topic, @Nullable String decision, Set<String> all) {
        if ("exclude".equals(decision) || matches(settings.exclude(), topic)) {
            return false;
        }
        return "include".equals(decision) || matches(settings.include(), topic) || names.mayHoldDeadLetters(topic, all);
    }

    private static boolean matches(List<Pattern> patterns, String topic) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
    }
}
