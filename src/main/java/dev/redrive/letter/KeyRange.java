package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keys that begin with some bytes, as ranges of the index over their beginning.
 *
 * @param starts at most {@link #MOST}
 * @param few how many letters of a range are still few; one more is read
 */
record KeyRange(List<Buffer> starts, int few) implements Driver.Probe.Hits {

    /** So many are read from the index one by one, because each lies on a page of its own. */
    private static final int GLANCED = Driver.Probe.FEW / 50;

    private static final int HIGHEST = 0xff;

    /** Longer than what the index holds of a key. */
    private static final Buffer ABOVE_ALL = Buffer.buffer(highest());

    KeyRange {
        starts = List.copyOf(starts);
    }

    KeyRange(List<Buffer> starts) {
        this(starts, Driver.Probe.FEW);
    }

    private static byte[] highest() {
        var bytes = new byte[Driver.Keys.START + 1];
        Arrays.fill(bytes, (byte) HIGHEST);
        return bytes;
    }

    /** So many beginnings are looked up; a filter with more is answered another way. */
    static final int MOST = 20;

    /**
     * Never by the id: Postgres would rather sort all of a range than read it in the order of the index. A few are read in
     * that order; without one, a beginning that most keys have is read from the table, from wherever the last scan of it
     * stopped, and that is another place at every request.
     */
    @Override
    public String sql(Parameters to) {
        var order = few <= GLANCED ? " ORDER BY substring(d.key FROM 1 FOR 64)" : "";
        var ranges = starts.stream()
                .map(start -> "(SELECT d.id AS letter_id FROM dead_letter d WHERE d.key IS NOT NULL"
                        + " AND substring(d.key FROM 1 FOR 64) >= " + to.bind(start) + "::bytea"
                        + " AND substring(d.key FROM 1 FOR 64) < " + to.bind(after(start)) + "::bytea"
                        + order + " LIMIT " + (few + 1) + ")")
                .collect(Collectors.joining(" UNION "));
        return "SELECT ranges.letter_id FROM (" + ranges + ") AS ranges";
    }

    /**
     * What every tenth key begins with is met among the newest letters. More hits than a page shows are not waited for to
     * look there: what they have in common may be in most keys.
     */
    @Override
    public Driver glance(Driver otherwise) {
        return new Driver.Probe(new KeyRange(starts, GLANCED), otherwise, GLANCED);
    }

    /** @return the first bytes that do not begin so; what is above all keys where there are none */
    private static Buffer after(Buffer start) {
        int last = start.length() - 1;
        while (last >= 0 && start.getUnsignedByte(last) == HIGHEST) {
            last--;
        }
        return last < 0
                ? ABOVE_ALL
                : start.getBuffer(0, last).appendUnsignedByte((short) (start.getUnsignedByte(last) + 1));
    }
}
