package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StillReadTest {

    private static final Set<String> ALL =
            Set.of("orders", "orders-dlt", "parcels", "orders-retry", "kept", "left-dlt");
    private static final StillRead READ = new StillRead(
            new Settings.Cluster(
                    "default",
                    "redrive",
                    Map.of(),
                    List.of(Pattern.compile("kept|left-.*")),
                    List.of(Pattern.compile("left-.*"))),
            TopicWorld.NAMES);

    private static boolean isRead(String topic, @Nullable String decision) {
        return READ.isRead(topic, decision, ALL);
    }

    @Test
    void theSettingsAreStrongerThanTheDeskAndTheDeskThanTheName() {
        assertThat(isRead("orders-dlt", null)).isTrue();
        assertThat(isRead("orders-dlt", "exclude")).isFalse();
        assertThat(isRead("kept", null)).isTrue();
        assertThat(isRead("kept", "exclude")).isFalse();
        assertThat(isRead("left-dlt", "include")).isFalse();
    }

    @Test
    void aTopicThatSomebodyIncludedIsReadForAsLong() {
        assertThat(isRead("orders-retry", "include")).isTrue();
        assertThat(isRead("orders-retry", null)).isFalse();
    }

    @Test
    void whatWasReadForItsRecordsStaysRead() {
        assertThat(isRead("parcels", null)).isTrue();
    }
}
