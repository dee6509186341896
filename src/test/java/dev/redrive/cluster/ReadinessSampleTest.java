package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadinessSampleTest {

    @Test
    void tellsAHotKeyFromAFewKeys() {
        assertThat(hot(2, 500)).isEqualTo(ReadinessLevel.OK);
        assertThat(hot(1, 1_000)).isEqualTo(ReadinessLevel.WARN);
        assertThat(hot(500, 400)).isEqualTo(ReadinessLevel.WARN);
        assertThat(hot(500, 200)).isEqualTo(ReadinessLevel.OK);
        assertThat(few(80, 50)).isEqualTo(ReadinessLevel.WARN);
        assertThat(few(80, 24)).as("chance may do that").isEqualTo(ReadinessLevel.UNKNOWN);
        assertThat(few(10, 10)).isEqualTo(ReadinessLevel.UNKNOWN);
    }

    private static ReadinessLevel hot(int keys, int hottest) {
        return new ReadinessSample(1_000, 0, keys, hottest, "0:1", 0, "", 1)
                .hotKey("t")
                .level();
    }

    /** Of records with 31 keys. */
    private static ReadinessLevel few(int records, int hottest) {
        return new ReadinessSample(records, 0, 31, hottest, "0:1", 0, "", 1)
                .hotKey("t")
                .level();
    }

    @Test
    void warnsOfRepeatedRecordsAboveOneInAHundred() {
        assertThat(new ReadinessSample(1_000, 0, 900, 4, "0:1", 10, "0:1 and 0:2", 1)
                        .duplicates("t")
                        .level())
                .isEqualTo(ReadinessLevel.OK);
        assertThat(new ReadinessSample(1_000, 0, 900, 4, "0:1", 11, "0:1 and 0:2", 1)
                        .duplicates("t")
                        .level())
                .isEqualTo(ReadinessLevel.WARN);
    }
}
