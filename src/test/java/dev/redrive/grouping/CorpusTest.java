package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Measures the rules on labelled traces and prints the figures. */
class CorpusTest {

    @Test
    void groupsWhatAMaintainerWouldGroup() {
        var samples = Corpus.samples();
        var score = Corpus.score(samples);
        var merged = Corpus.mergedNearMisses(samples);
        System.out.printf(
                "grouping: %d samples, precision %.3f, recall %.3f, near misses merged %d of 96 %s%n",
                samples.size(), score.precision(), score.recall(), merged.size(), merged);
        assertThat(samples).hasSize(843);
        assertThat(score.precision()).isGreaterThanOrEqualTo(0.97);
        assertThat(score.recall()).isGreaterThanOrEqualTo(0.93);
        assertThat(merged).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void saysInEveryTitleCulpritAndPartSomethingShortAndClean() {
        for (var sample : Corpus.samples()) {
            var fingerprint = Fingerprinter.of("some-dlt", sample.reading());
            assertThat(fingerprint.title()).isNotBlank().hasSizeLessThanOrEqualTo(200);
            assertThat(fingerprint.parts())
                    .isNotEmpty()
                    .allSatisfy(part -> assertThat(part.value())
                            .isNotBlank()
                            .hasSizeLessThanOrEqualTo(500)
                            .doesNotContain("\0", "\n"));
        }
    }
}
