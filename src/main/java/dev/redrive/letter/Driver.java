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
sealed interface Driver {

    /** Up to here it is no dearer to read as many letters in each place as are wanted of all. */
    int FEW_PLACES = 4;

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
     * Letters that share a value and a status, several such pairs. Serves topics, kinds, groups and statuses.
     *
     * @param column of {@code letter_state}, with status and id the columns of an index; null where the index begins
     *     with the status
     * @param letters how many there are of these
     */
    record Lanes(String column, List<Long> values, List<String> statuses, long letters) implements Driver {

        /** So many letters are read one after the other in less than half the time in which a place is found. */
        private static final int LETTERS_A_PLACE = 8;

        /** From here on it pays to look first whether the newest letters are enough. */
        private static final int MANY_PLACES = 25;

        @Override
        public String walk(Parameters to, String below, String limit) {
            return walk(lanes(to), below, limit);
        }

        @Override
        public String exact(Parameters to, String below, int most) {
            int near = LETTERS_A_PLACE * values.size();
            return values.size() < MANY_PLACES || 2 * most > near
                    ? Driver.super.exact(to, below, most)
                    : nearest(to, below, most, near);
        }

        private String lanes(Parameters to) {
            return "unnest(" + to.bind(values.toArray(Long[]::new)) + "::bigint[], "
                    + to.bind(statuses.toArray(String[]::new)) + "::text[]) AS lane (value, status)";
        }

        private String walk(String lanes, String below, String limit) {
            var value = column.isEmpty() ? "" : "s." + column + " = lane.value AND ";
            var condition = value + "s.status = lane.status";
            return merged(lanes, values.size(), "letter_state s", "s.letter_id", condition, below, limit);
        }

        /**
         * What has many places is mostly common, and then the letters just below are enough. Where they are not, the
         * places are read after all; where they are too rare for that among all, the letters below are not looked at.
         * IS TRUE keeps the places a table to look up in, so that the letters stay in order.
         */
        private String nearest(Parameters to, String below, int most, int near) {
            var lanes = lanes(to);
            var looked = "(SELECT CASE WHEN " + to.bind(letters) + "::bigint * " + near + " >= " + most
                    + " * c.reltuples THEN " + near
                    + " ELSE 0 END FROM pg_class c WHERE c.oid = 'letter_state'::regclass)";
            return "WITH near AS MATERIALIZED (SELECT newest.letter_id FROM (SELECT s.letter_id, s." + column
                    + "::bigint AS value, s.status FROM letter_state s WHERE s.letter_id < " + below
                    + " ORDER BY s.letter_id DESC LIMIT " + looked + ") AS newest"
                    + " WHERE ((newest.value, newest.status) IN (SELECT lane.value, lane.status FROM " + lanes
                    + ")) IS TRUE ORDER BY newest.letter_id DESC LIMIT " + most + ") "
                    + "(SELECT near.letter_id FROM near WHERE (SELECT count(*) FROM near) = " + most
                    + " ORDER BY near.letter_id DESC) UNION ALL (SELECT walk.letter_id FROM ("
                    + walk(lanes, below, Integer.toString(most)) + ") AS walk WHERE (SELECT count(*) FROM near) < "
                    + most + ")";
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
            var lanes =
                    "generate_series(" + to.bind(first) + "::integer, " + to.bind(last) + "::integer) AS lane (hour)";
            var fits = "s.failed_hour = lane.hour AND " + new LetterCondition(to, scope).all(terms);
            return last - first < FEW_PLACES
                    ? merged(lanes, "letter_state s", "s.letter_id", fits, below, limit)
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
                    + highest("letter_state s", "s.letter_id", fits, "1") + ") AS one), "
                    + "least AS MATERIALIZED (SELECT coalesce((SELECT one.letter_id FROM " + lanes
                    + " CROSS JOIN LATERAL (" + highest("letter_state s", "s.letter_id", fits, limit) + highest
                    + "ORDER BY top.letter_id DESC LIMIT " + FEW_PLACES
                    + ") ORDER BY one.letter_id DESC LIMIT 1 OFFSET "
                    + limit + " - 1), 0) AS id) SELECT one.letter_id FROM " + lanes + " CROSS JOIN LATERAL ("
                    + highest(
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
            return merged(
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
            return merged(lanes, kinds.size(), "letter_state s", "s.letter_id", condition, below, limit);
        }
    }

    /** Letters of some people. */
    record Assigned(List<String> names) implements Driver {
        @Override
        public String walk(Parameters to, String below, String limit) {
            var lanes = "unnest(" + to.bind(names.toArray(String[]::new)) + "::text[]) AS lane (name)";
            var condition = "s.assignee IS NOT NULL AND s.assignee = lane.name";
            return merged(lanes, "letter_state s", "s.letter_id", condition, below, limit);
        }
    }

    /** Letters of a job. */
    record OfJob(String id) implements Driver {
        @Override
        public String walk(Parameters to, String below, String limit) {
            var lanes = "(SELECT j.id FROM job j WHERE j.id::text = " + to.bind(id) + ") AS lane";
            return merged(lanes, "job_item i", "i.letter_id", "i.job_id = lane.id", below, limit);
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

    private static String merged(String lanes, String table, String id, String condition, String below, String limit) {
        return "SELECT one.letter_id FROM " + lanes + " CROSS JOIN LATERAL ("
                + highest(table, id, condition + " AND " + id + " < " + below, limit)
                + ") AS one ORDER BY one.letter_id DESC LIMIT " + limit;
    }

    /**
     * The same for many places. So many of the highest ids of each as make about twice the limit together: where they
     * reach it, none below the last of them is among the highest of all, and nowhere is read further than to there.
     */
    private static String merged(
            String lanes, int places, String table, String id, String condition, String below, String limit) {
        if (places <= FEW_PLACES) {
            return merged(lanes, table, id, condition, below, limit);
        }
        var open = condition + " AND " + id + " < " + below;
        return "WITH lane AS MATERIALIZED (SELECT * FROM " + lanes + "), first AS MATERIALIZED ("
                + "SELECT one.letter_id FROM lane CROSS JOIN LATERAL ("
                + highest(table, id, open, "(2 * " + limit + " / " + places + " + 1)") + ") AS one), "
                + "least AS MATERIALIZED (SELECT coalesce((SELECT first.letter_id FROM first"
                + " ORDER BY first.letter_id DESC LIMIT 1 OFFSET " + limit + " - 1), 0) AS id) "
                + "SELECT one.letter_id FROM lane CROSS JOIN LATERAL ("
                + highest(table, id, open + " AND " + id + " >= (SELECT least.id FROM least)", limit)
                + ") AS one ORDER BY one.letter_id DESC LIMIT " + limit;
    }

    private static String highest(String table, String id, String condition, String limit) {
        return "SELECT " + id + " AS letter_id FROM " + table + " WHERE " + condition + " ORDER BY " + id
                + " DESC LIMIT " + limit;
    }
}
