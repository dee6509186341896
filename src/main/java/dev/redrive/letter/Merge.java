package dev.redrive.letter;

/** The SQL that reads one index at several places, called lanes, and gives the highest ids of all. */
final class Merge {

    /** Up to here it is no dearer to read as many letters in each place as are wanted of all. */
    static final int FEW_PLACES = 4;

    /** Of places in the order of their letters so many tell well enough how far back the others are read. */
    static final int BOUNDING_PLACES = 25;

    private Merge() {}

    static String all(String lanes, String table, String id, String condition, String below, String limit) {
        return "SELECT one.letter_id FROM " + lanes + " CROSS JOIN LATERAL ("
                + highest(table, id, condition + " AND " + id + " < " + below, limit)
                + ") AS one ORDER BY one.letter_id DESC LIMIT " + limit;
    }

    /**
     * The same for many places. So many of the highest ids of some of them as make about twice the limit together: where
     * they reach it, none below the last of them is among the highest of all, and nowhere is read further than to there.
     *
     * @param bounding how many of the first places are asked for that
     */
    static String all(
            String lanes, int bounding, String table, String id, String condition, String below, String limit) {
        var open = condition + " AND " + id + " < " + below;
        return "WITH lane AS MATERIALIZED (SELECT * FROM " + lanes + "), first AS MATERIALIZED ("
                + "SELECT one.letter_id FROM (SELECT * FROM lane LIMIT " + bounding + ") AS lane CROSS JOIN LATERAL ("
                + highest(table, id, open, "(2 * " + limit + " / " + bounding + " + 1)") + ") AS one), "
                + "least AS MATERIALIZED (SELECT coalesce((SELECT first.letter_id FROM first"
                + " ORDER BY first.letter_id DESC LIMIT 1 OFFSET " + limit + " - 1), 0) AS id) "
                + "SELECT one.letter_id FROM lane CROSS JOIN LATERAL ("
                + highest(table, id, open + " AND " + id + " >= (SELECT least.id FROM least)", limit)
                + ") AS one ORDER BY one.letter_id DESC LIMIT " + limit;
    }

    static String highest(String table, String id, String condition, String limit) {
        return "SELECT " + id + " AS letter_id FROM " + table + " WHERE " + condition + " ORDER BY " + id
                + " DESC LIMIT " + limit;
    }
}
