package dev.redrive.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in aligned columns, two spaces apart. Cells are escaped and on one line. */
final class Table {

    private static final int WIDEST = 80;

    private final List<List<String>> rows = new ArrayList<>();

    /** @param head in capitals; without any there is no first line */
    Table(String... head) {
        if (head.length > 0) {
            rows.add(List.of(head));
        }
    }

    /** @param cells as many as the head has; null shows as a dash */
    Table row(@Nullable Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> Plain.line(cell, WIDEST)).toList());
        return this;
    }

    /** Each line ends with a line break, none with spaces. */
    @Override
    public String toString() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        var widths = new int[columns];
        for (var row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i)) + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(String cell) {
        return cell.codePoints().map(Table::columns).sum();
    }

    /** What terminals make of a character: nothing of a mark, two columns of an ideograph or an emoji. */
    private static int columns(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = codePoint >= 0x1100 && codePoint <= 0x115f
                || codePoint >= 0x2e80 && codePoint <= 0xa4cf
                || codePoint >= 0xac00 && codePoint <= 0xd7a3
                || codePoint >= 0xf900 && codePoint <= 0xfaff
                || codePoint >= 0xff00 && codePoint <= 0xff60
                || codePoint >= 0x1f300 && codePoint <= 0x1faff
                || codePoint >= 0x20000 && codePoint <= 0x3fffd;
        return wide ? 2 : 1;
    }
}
