package dev.redrive.letter;

import java.util.List;

/**
 * Letters that share a value and a status, several such pairs. Serves topics, kinds, groups and statuses.
 *
 * @param column of {@code letter_state}, with status and id the columns of an index; empty where the index begins
 *     with the status
 * @param values the pairs, those with the most letters first
 * @param letters how many there are of these
 */
record Lanes(String column, List<Long> values, List<String> statuses, long letters) implements Driver {

    /** So many letters are read one after the other in less than a quarter of the time that a place costs. */
    private static final int LETTERS_A_PLACE = 2;

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
        int bounding = Math.min(values.size(), Merge.BOUNDING_PLACES);
        return values.size() <= Merge.FEW_PLACES
                ? Merge.all(lanes, "letter_state s", "s.letter_id", condition, below, limit)
                : Merge.all(lanes, bounding, "letter_state s", "s.letter_id", condition, below, limit);
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
