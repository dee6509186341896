package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures the rules on labelled traces and prints the figures. */
class CorpusTest {

    @Test
    void groupsWhatAMaintainerWouldGroup() {
        var samples = Corpus.samples();
        var score = Corpus.score(samples);
        var merged = Corpus.mergedNearMisses(samples, "pairs.json");
        System.out.printf(
                "grouping: %d samples, precision %.3f, recall %.3f, near misses merged %d of 96 %s%n",
                samples.size(), score.precision(), score.recall(), merged.size(), merged);
        assertThat(samples).hasSize(843);
        assertThat(score.precision()).isGreaterThanOrEqualTo(0.995);
        assertThat(score.recall()).isGreaterThanOrEqualTo(0.95);
        assertThat(merged).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"tuned, 0.92", "held, 0.93"})
    void groupsFailuresOfOtherProgramsAlike(String half, double recall) {
        var samples = Corpus.more().stream()
                .filter(sample -> sample.half().equals(half))
                .toList();
        var score = Corpus.score(samples);
        System.out.printf(
                "grouping, %s half of more.json: %d samples, precision %.3f, recall %.3f%n",
                half, samples.size(), score.precision(), score.recall());
        assertThat(samples).hasSizeGreaterThan(200);
        assertThat(score.precision()).isGreaterThanOrEqualTo(0.99);
        assertThat(score.recall()).isGreaterThanOrEqualTo(recall);
    }

    @Test
    void groupsShapesThatTheOthersDoNotHave() {
        var samples = Corpus.unseen();
        var score = Corpus.score(samples);
        System.out.printf(
                "grouping, unseen.json: %d samples, precision %.3f, recall %.3f%n",
                samples.size(), score.precision(), score.recall());
        assertThat(samples).hasSizeGreaterThan(200);
        assertThat(score.precision()).isGreaterThanOrEqualTo(0.99);
        assertThat(score.recall()).isGreaterThanOrEqualTo(0.97);
    }

    @ParameterizedTest
    @CsvSource({"tuned, 0.96", "held, 0.95"})
    void groupsFailuresOfManyFrameworks(String half, double recall) {
        var samples = Corpus.frameworks().stream()
                .filter(sample -> sample.half().equals(half))
                .toList();
        var score = Corpus.score(samples);
        var merged = Corpus.mergedNearMisses(samples, "frameworks-pairs.json");
        System.out.printf(
                "grouping, %s half of frameworks.json: %d samples, precision %.3f, recall %.3f, near misses merged %s%n",
                half, samples.size(), score.precision(), score.recall(), merged);
        assertThat(samples).hasSizeGreaterThanOrEqualTo(150);
        assertThat(score.precision()).isGreaterThanOrEqualTo(0.99);
        assertThat(score.recall()).isGreaterThanOrEqualTo(recall);
        assertThat(merged).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"tuned, 0.97, 0.93", "held, 0.97, 0.91"})
    void groupsWhatApplicationsAndTheirDriversSay(String half, double precision, double recall) {
        var samples = Corpus.wild().stream()
                .filter(sample -> sample.half().equals(half))
                .toList();
        var score = Corpus.score(samples);
        var merged = Corpus.mergedNearMisses(samples, "wild-pairs.json");
        System.out.printf(
                "grouping, %s half of wild.json: %d samples, precision %.3f, recall %.3f, near misses merged %s%n",
                half, samples.size(), score.precision(), score.recall(), merged);
        assertThat(samples).hasSizeGreaterThanOrEqualTo(350);
        assertThat(score.precision()).isGreaterThanOrEqualTo(precision);
        assertThat(score.recall()).isGreaterThanOrEqualTo(recall);
        assertThat(merged).isEmpty();
    }

    /** Held to what acceptance asks for: of 96 near misses 92 stay apart. */
    @ParameterizedTest
    @CsvSource({"fresh, 1477, 303", "later, 428, 58"})
    void groupsLabelsThatNobodyHadSeen(String name, int size, int pairs) {
        var samples = Corpus.samples(name + ".json");
        var score = Corpus.score(samples);
        var merged = Corpus.mergedNearMisses(samples, name + "-pairs.json");
        System.out.printf(
                "grouping, %s.json: %d samples, precision %.3f, recall %.3f, near misses merged %d of %d %s%n",
                name, samples.size(), score.precision(), score.recall(), merged.size(), pairs, merged);
        assertThat(samples).hasSize(size);
        assertThat(score.precision()).isGreaterThanOrEqualTo(0.97);
        assertThat(score.recall()).isGreaterThanOrEqualTo(0.93);
        assertThat(merged).hasSizeLessThanOrEqualTo(pairs * 4 / 96);
    }

    @Test
    void saysInEveryTitleCulpritAndPartSomethingShortAndClean() {
        var samples = Stream.concat(Corpus.samples().stream(), Corpus.more().stream());
        for (var sample : samples.toList()) {
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
