package dev.redrive.grouping;

import java.util.Set;

/** Words in capitals: those that somebody wrote, among the codes that differ from record to record. */
final class Capitals {

    private static final Set<String> WORDS = Set.of(
            "HTTP",
            "HTTPS",
            "GET",
            "POST",
            "PUT",
            "DELETE",
            "PATCH",
            "HEAD",
            "JSON",
            "XML",
            "SQL",
            "CSV",
            "URL",
            "URI",
            "UUID",
            "UTC",
            "ID",
            "IO",
            "EOF",
            "TLS",
            "SSL",
            "TCP",
            "DNS",
            "API",
            "NULL",
            "NOT",
            "UNIQUE",
            "CHECK",
            "FOREIGN",
            "PRIMARY",
            "KEY",
            "CONSTRAINT",
            "ERROR",
            "FATAL",
            "FAILED",
            "PANIC",
            "INSERT",
            "UPDATE",
            "SELECT",
            "INTO",
            "FROM",
            "WHERE",
            "AND",
            "OR",
            "IN",
            "IS",
            "ASCII",
            "BOM",
            "GZIP",
            "CRC",
            "ACL",
            "SASL",
            "JWT",
            "AVRO",
            "DB",
            "OOM",
            "GC",
            "IP",
            "II");

    private Capitals() {}

    static boolean isWord(String word) {
        return WORDS.contains(word);
    }

    /** Two codes of currencies, places or lines: {@code EUR/USD}, {@code FRA-JFK}; but not {@code TCP/IP}. */
    static boolean arePair(String word) {
        int middle = Math.max(word.indexOf('/'), word.indexOf('-'));
        String left = middle < 0 ? "" : word.substring(0, middle);
        String right = word.substring(middle + 1);
        return left.length() + right.length() > 2
                && !left.isEmpty()
                && !right.isEmpty()
                && all(left)
                && all(right)
                && !WORDS.contains(left)
                && !WORDS.contains(right);
    }

    static boolean all(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!Character.isUpperCase(word.charAt(i)) && word.charAt(i) != '_') {
                return false;
            }
        }
        return true;
    }
}
