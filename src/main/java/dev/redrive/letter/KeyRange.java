package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Keys that begin with some bytes, as ranges of the index over their beginning. @param starts at most {@link #MOST} */
record KeyRange(List<Buffer> starts) implements Driver.Probe.Hits {

    private static final int HIGHEST = 0xff;

    /** Longer than what the index holds of a key. */
    private static final Buffer ABOVE_ALL = Buffer.buffer(highest());

    KeyRange {
        starts = List.copyOf(starts);
    }

    private static byte[] highest() {
        var bytes = new byte[Driver.Keys.START + 1];
        Arrays.fill(bytes, (byte) HIGHEST);
        return bytes;
    }

    /** So many beginnings are looked up; a filter with more is answered another way. */
    static final int MOST = 20;

    /** Without an order: Postgres would rather sort all of a range than read it in the order of the index. */
    @Override
    public String sql(Parameters to) {
        var ranges = starts.stream()
                .map(start -> "(SELECT d.id AS letter_id FROM dead_letter d WHERE d.key IS NOT NULL"
                        + " AND substring(d.key FROM 1 FOR 64) >= " + to.bind(start) + "::bytea"
                        + " AND substring(d.key FROM 1 FOR 64) < " + to.bind(after(start)) + "::bytea"
                        + " LIMIT " + (Driver.Probe.FEW + 1) + ")")
                .collect(Collectors.joining(" UNION "));
        return "SELECT ranges.letter_id FROM (" + ranges + ") AS ranges";
    }

    /**
     * What every tenth key begins with is met among the newest letters. More hits than a page shows are not waited for to
     * look there: what they have in common may be in most keys.
     */
    @Override
    public Driver glance(Driver otherwise) {
        return new Driver.Probe(this, otherwise, Driver.Probe.FEW / 50);
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
