package dev.redrive.grouping;

import java.util.Set;

/** Names of days and months in a date that was printed in words: {@code Tue Jun 11 10:22:33 CEST 2024}. */
final class Calendar {

    private static final Set<String> NAMES = Set.of(
            "Mon",
            "Tue",
            "Wed",
            "Thu",
            "Fri",
            "Sat",
            "Sun",
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
            "Dec",
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
            "January",
            "February",
            "March",
            "April",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
            "Januar",
            "Februar",
            "März",
            "Mai",
            "Juni",
            "Juli",
            "Oktober",
            "Dezember");

    /** Other zones are taken for codes anyway. */
    private static final Set<String> ZONES = Set.of("UTC", "GMT");

    private static final int MONTH_CHARS = 12;

    private Calendar() {}

    /** Whether the number is that of a day before a month, {@code 3. Juni 2024}, so that the dot behind it is its own. */
    static boolean ordinal(String text, int start, int end) {
        int month = end + 2;
        int next = month;
        while (next < text.length() && next - month < MONTH_CHARS && Character.isLetter(text.charAt(next))) {
            next++;
        }
        return end - start <= 2
                && TraceText.digits(text, start) == end - start
                && text.startsWith(". ", end)
                && NAMES.contains(text.substring(Math.min(month, next), next));
    }

    /**
     * Whether the word is one of them and stands beside a number or another of them, since "May" begins sentences too.
     *
     * @param end of the word in the text
     * @param before what was made of the text before it
     */
    static boolean names(String text, String word, int end, CharSequence before) {
        int last = before.length() - 1;
        boolean behindValue = last > 0 && before.charAt(last) == ' ' && before.charAt(last - 1) == '›';
        if (!NAMES.contains(word)) {
            return behindValue && ZONES.contains(word);
        }
        int next = end;
        while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == ',')) {
            next++;
        }
        boolean followed = next > end
                && next < text.length()
                && (Character.isDigit(text.charAt(next))
                        || next + 3 <= text.length() && NAMES.contains(text.substring(next, next + 3)));
        return followed || behindValue;
    }
}
