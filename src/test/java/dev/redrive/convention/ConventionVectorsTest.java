package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Vectors;
import dev.redrive.testkit.Vectors.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector, field by field. */
class ConventionVectorsTest {

    static List<Vector> vectors() {
        return Vectors.all();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void readsWhatTheFrameworkWrote(Vector vector) {
        Vectors.assertReading(vector, Conventions.standard().read(vector.arrival()));
    }

    static List<Vector> more() {
        return Vectors.more();
    }

    static List<Vector> unseen() {
        return Vectors.unseen();
    }

    @ParameterizedTest
    @MethodSource({"more", "unseen"})
    void readsByTheRulesWhatNoneOfThemShows(Vector vector) {
        TopicName name = TopicName.judge(vector.dlqTopic(), vector.topics());
        Vectors.assertReading(vector, Conventions.standard().read(vector.arrival(), name));
    }

    @ParameterizedTest
    @MethodSource({"vectors", "more", "unseen"})
    void oneRecordShowsThatATopicHoldsDeadLetters(Vector vector) {
        TopicName name = TopicName.judge(vector.dlqTopic(), vector.topics());
        boolean read = name.isDeadLetterByName()
                || name.needsHeaders() && Conventions.standard().recognises(vector.arrival());
        // What nobody left a mark on is found by the topic's name or not at all.
        boolean silent = vector.framework().equals("unknown") && name.needsHeaders();
        assertThat(read).isEqualTo(vector.isDeadLetter() && !silent);
    }

    @Test
    void thereAreAHundredAndOneOfThem() {
        assertThat(vectors()).hasSize(101);
    }
}
