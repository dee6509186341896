package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ListCursorTest {

    private static final String LETTERS = "BASE64URLALPHABETabcdefghijklmnopqrstuvwxyz0123456789-_";

    @Test
    void leadsBackToItsPlaceInItsList() {
        var cursor = ListCursor.of("is:open", 4_711, Long.MIN_VALUE);
        assertThat(cursor).matches("[A-Za-z0-9_-]{38}");
        assertThat(ListCursor.read(cursor, "is:open", 2)).containsExactly(4_711, Long.MIN_VALUE);
        refused(cursor, "is:returned", 2);
        refused(cursor, "is:open", 1);
    }

    @Test
    @DisplayName("Is refused with any one character changed, left out or added")
    void isRefusedWhereItWasAltered() {
        var cursor = ListCursor.of("is:open", 4_711);
        for (int i = 0; i < cursor.length(); i++) {
            var before = cursor.substring(0, i);
            var after = cursor.substring(i + 1);
            refused(before + after, "is:open", 1);
            for (char other : LETTERS.toCharArray()) {
                if (other != cursor.charAt(i)) {
                    refused(before + other + after, "is:open", 1);
                }
            }
        }
        refused(cursor + "=", "is:open", 1);
        refused(cursor + "A", "is:open", 1);
        refused("", "is:open", 1);
    }

    private static void refused(String cursor, String list, int numbers) {
        assertThatThrownBy(() -> ListCursor.read(cursor, list, numbers))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ProblemCode.CURSOR_MISMATCH));
    }
}
