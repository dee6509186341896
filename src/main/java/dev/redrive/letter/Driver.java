package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.Match;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The way letters are walked: one index, or the same index at several places merged, always from the highest id down
 * and whatever the statistics say. It gives at least the letters that fit; what it gives too many is left out after.
 */
sealed interface Driver
        permits Lanes,
                Driver.Everything,
                Driver.Hours,
                Driver.Keys,
                Driver.Rare,
                Driver.Looping,
                Driver.Assigned,
                Driver.OfJob,
                Driver.Ids,
                Driver.Probe {

    /**
     * @param below place of the id to go on below
     * @param limit place of the most ids to give
     * @return a statement that gives {@code letter_id}, highest first
     */
    String walk(Parameters to, String below, String limit);

    /** The same where every letter that is given fits. @param most ids to give */
    default String exact(Parameters to, String below, int most) {
        return walk(to, below, Integer.toString(most));
    }

    /** The driver for a first look, which is cheaper where what it looks for is common; it gives at least what fits too. */
    default Driver glance() {
        return this;
    }

    /** All letters. */
    record Everything() implements Driver {
        @Override
        public String walk(Parameters to, String below, String limit) {
            return "SELECT s.letter_id FROM letter_state s WHERE s.letter_id < " + below
                    + " ORDER BY s.letter_id DESC LIMIT " + limit;
        }
    }

    /**
     * Letters that failed within some hours.
     *
     * @param terms what else decides, as far as the index knows it: {@link #knows}
     */
    record Hours(int first, int last, LetterScope scope, List<Filter> terms) implements Driver {

        /** Whether nothing but the time of the failure and the status decides. */
        static boolean knows(Filter filter) {
            return Reach.of(filter).isWithin(Reach.STATE) && !DriverChoice.touches(filter, match -> !knows(match));
        }

        private static boolean knows(Match match) {
            return match.field() == Field.TS || match.field() != Field.GROUP && Reach.of(match) == Reach.TALLY;
        }

        @Override
        public String walk(Parameters to, String below, String limit) {
            // The ends are selected, or a plan for these hours looks cheaper than one for any and is made at each
            // request.
            var lanes = "generate_series((SELECT " + to.bind(first) + "::integer), (SELECT " + to.bind(last)
                    + "::integer)) AS lane (hour)";
            var fits = "s.failed_hour = lane.hour AND " + new LetterCondition(to, scope).all(terms);
            return last - first < Merge.FEW_PLACES
                    ? Merge.all(lanes, "letter_state s", "s.letter_id", fits, below, limit)
                    : ofHours(lanes, fits + " AND s.letter_id < " + below, limit);
        }

        /**
         * Letters mostly come in the order in which they failed, so that the highest lie in very few of the hours. As many
         * as are wanted of those that begin highest: where these reach the limit, none below the last of them is among the
         * highest of all, and no hour is read further than to there, nor one that begins below.
         */
        private static String ofHours(String lanes, String fits, String limit) {
            var highest = ") AS one WHERE lane.hour IN (SELECT top.hour FROM top ";
            return "WITH top AS MATERIALIZED (SELECT lane.hour, one.letter_id FROM " + lanes + " CROSS JOIN LATERAL ("
                    + Merge.highest("letter_state s", "s.letter_id", fits, "1") + ") AS one), "
                    + "least AS MATERIALIZED (SELECT coalesce((SELECT one.letter_id FROM " + lanes
                    + " CROSS JOIN LATERAL (" + Merge.highest("letter_state s", "s.letter_id", fits, limit) + highest
                    + "ORDER BY top.letter_id DESC LIMIT " + Merge.FEW_PLACES
                    + ") ORDER BY one.letter_id DESC LIMIT 1 OFFSET "
                    + limit + " - 1), 0) AS id) SELECT one.letter_id FROM " + lanes + " CROSS JOIN LATERAL ("
                    + Merge.highest(
                            "letter_state s",
                            "s.letter_id",
                            fits + " AND s.letter_id >= (SELECT least.id FROM least)",
                            limit)
                    + highest + "WHERE top.letter_id >= (SELECT least.id FROM least))"
                    + " ORDER BY one.letter_id DESC LIMIT " + limit;
        }
    }

    /** Letters by the beginning of their key. */
    record Keys(List<Buffer> keys) implements Driver {

        /** As the index has it. */
        static final int START = 64;

        @Override
        public String walk(Parameters to, String below, String limit) {
            var lanes = "unnest(" + to.bind(keys.toArray(Buffer[]::new)) + "::bytea[]) AS lane (key)";
            return Merge.all(
                    lanes,
                    "dead_letter d",
                    "d.id",
                    "d.key IS NOT NULL AND substring(d.key FROM 1 FOR 64) = lane.key",
                    below,
                    limit);
        }
    }

    /** Letters that have an index to themselves. @param condition as in the index */
    record Rare(String condition) implements Driver {

        static final Rare LOOPING = new Rare("s.returns > 0");
        static final Rare NOTED = new Rare("s.notes > 0");
        static final Rare TAGGED = new Rare("s.tags <> '{}'");

        @Override
        public String walk(Parameters to, String below, String limit) {
            return "SELECT s.letter_id FROM letter_state s WHERE " + condition + " AND s.letter_id < " + below
                    + " ORDER BY s.letter_id DESC LIMIT " + limit;
        }
    }

    /** Letters of some kinds that came back. */
    record Looping(List<Integer> kinds) implements Driver {
        @Override
        public String walk(Parameters to, String below, String limit) {
            var lanes = "unnest(" + to.bind(kinds.toArray(Integer[]::new)) + "::integer[]) AS lane (kind)";
            var condition = Rare.LOOPING.condition() + " AND s.kind_ref = lane.kind";
            return kinds.size() <= Merge.FEW_PLACES
                    ? Merge.all(lanes, "letter_state s", "s.letter_id", condition, below, limit)
                    : Merge.all(lanes, kinds.size(), "letter_state s", "s.letter_id", condition, below, limit);
        }
    }

    /** Letters of some people. */
    record Assigned(List<String> names) implements Driver {
        @Override
        public String walk(Parameters to, String below, String limit) {
            var lanes = "unnest(" + to.bind(names.toArray(String[]::new)) + "::text[]) AS lane (name)";
            var condition = "s.assignee IS NOT NULL AND s.assignee = lane.name";
            return Merge.all(lanes, "letter_state s", "s.letter_id", condition, below, limit);
        }
    }

    /** Letters of a job. */
    record OfJob(String id) implements Driver {
        @Override
        public String walk(Parameters to, String below, String limit) {
            var lanes = "(SELECT j.id FROM job j WHERE j.id::text = " + to.bind(id) + ") AS lane";
            return Merge.all(lanes, "job_item i", "i.letter_id", "i.job_id = lane.id", below, limit);
        }
    }

    record Ids(List<Long> ids) implements Driver {
        @Override
        public String walk(Parameters to, String below, String limit) {
            return "SELECT s.letter_id FROM letter_state s WHERE s.letter_id = ANY ("
                    + to.bind(ids.toArray(Long[]::new)) + "::bigint[]) AND s.letter_id < " + below
                    + " ORDER BY s.letter_id DESC LIMIT " + limit;
        }
    }

    /** Letters that another index finds, in any order, as long as they are few; else the other way. */
    record Probe(Hits hits, Driver otherwise, int few) implements Driver {

        static final int FEW = 5_000;

        /** A statement that gives {@code letter_id}, without an order and without a bound. */
        @FunctionalInterface
        interface Hits {
            String sql(Parameters to);

            /** For a first look; see {@link Driver#glance}. */
            default Driver glance(Driver otherwise) {
                return new Probe(this, otherwise);
            }
        }

        Probe(Hits hits, Driver otherwise) {
            this(hits, otherwise, FEW);
        }

        @Override
        public Driver glance() {
            return hits.glance(otherwise);
        }

        @Override
        public String walk(Parameters to, String below, String limit) {
            var areFew = "(SELECT count(*) FROM hit) <= " + few;
            return "WITH hit AS MATERIALIZED (" + hits.sql(to) + " LIMIT " + (few + 1) + ") "
                    + "(SELECT hit.letter_id FROM hit WHERE " + areFew + " AND hit.letter_id < " + below
                    + " ORDER BY hit.letter_id DESC LIMIT " + limit + ") UNION ALL (SELECT walk.letter_id FROM ("
                    + otherwise.walk(to, below, limit) + ") AS walk WHERE NOT (" + areFew + "))";
        }
    }
}
