package dev.redrive.letter;

import dev.redrive.filter.Filter.Match;
import dev.redrive.letter.Driver.Probe.Hits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SQL of terms whose letters an index finds, in no order; a partial index wants its condition said in so many words. */
final class TermHits {

    private TermHits() {}

    static Hits tagged() {
        return new Tagged(List.of());
    }

    static Hits tagged(List<String> anyOf) {
        return new Tagged(anyOf);
    }

    /** A tag is mostly one of few, so that it is met among the newest letters that have any. @param anyOf empty for all */
    private record Tagged(List<String> anyOf) implements Hits {
        @Override
        public String sql(Parameters to) {
            var wanted = anyOf.isEmpty() ? "" : " AND s.tags && " + to.bind(anyOf.toArray(String[]::new)) + "::text[]";
            return "SELECT s.letter_id FROM letter_state s WHERE " + Driver.Rare.TAGGED.condition() + wanted;
        }

        @Override
        public Driver glance(Driver otherwise) {
            return Driver.Rare.TAGGED;
        }
    }

    static Hits drafted() {
        return to -> "SELECT e.letter_id FROM draft e WHERE e.current";
    }

    static Hits ofJobs(List<String> anyOf) {
        return to ->
                "SELECT DISTINCT i.letter_id FROM job_item i JOIN job j ON j.id = i.job_id WHERE j.id::text = ANY ("
                        + to.bind(anyOf.toArray(String[]::new)) + "::text[])";
    }

    /** @param anyOf of failed, returned and uncertain; of other replays there are too many for an index */
    static Hits wentWrong(List<String> anyOf) {
        return to -> "SELECT DISTINCT r.letter_id FROM replay r"
                + " WHERE replay_result(r.state, r.outcome) IN ('failed', 'returned', 'uncertain')"
                + " AND replay_result(r.state, r.outcome) = ANY (" + to.bind(anyOf.toArray(String[]::new))
                + "::text[])";
    }

    /** @param partition null for all */
    static Hits at(Match topic, @Nullable Match partition, List<Long> offsets) {
        return to -> "SELECT d.id AS letter_id FROM dead_letter d WHERE d.topic_ref = ANY (ARRAY ("
                + "SELECT t.id FROM dead_letter_topic t WHERE " + Columns.text(to, "t.name", topic) + ")) AND "
                + (partition == null ? "true" : Columns.numbers(to, "d.kafka_partition", partition))
                + " AND d.kafka_offset = ANY (" + to.bind(offsets.toArray(Long[]::new)) + "::bigint[])";
    }
}
