package dev.redrive.grouping;

import static dev.redrive.grouping.TraceText.digits;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges one word of a message: a word somebody wrote, or a value of the record. */
final class TokenKind {

    private static final Set<String> WORDS_WITH_DIGITS = Set.of(
            "utf-8",
            "utf8",
            "utf-16",
            "base64",
            "int8",
            "int16",
            "int32",
            "int64",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
            "float32",
            "float64",
            "sha1",
            "sha256",
            "sha512",
            "md5",
            "x509",
            "x.509",
            "oauth2",
            "ipv4",
            "ipv6",
            "http/1.1",
            "http/2",
            "s3",
            "log4j",
            "iso-8859-1",
            "iso8601",
            "iso-8601",
            "rfc3339",
            "varchar2",
            "crc32");
    /** Python prints the value that was refused; the words for nothing in other languages are part of their sentences. */
    private static final Set<String> PRINTED = Set.of("None", "True", "False", "NaN", "Infinity", "-Infinity");

    private static final Set<String> CODE_WORDS = Set.of("code", "error", "reason", "errno", "sqlstate");
    private static final Set<String> DOMAINS = Set.of(
            "com",
            "net",
            "org",
            "io",
            "local",
            "internal",
            "svc",
            "example",
            "cloud",
            "test",
            "localdomain",
            "invalid",
            "lan",
            "cluster");
    /** Of files that a record names; those of programs are part of the defect. */
    private static final Set<String> FILES = Set.of(
            "pdf", "csv", "tsv", "txt", "zip", "gz", "tar", "tif", "tiff", "png", "jpg", "jpeg", "gif", "doc", "docx",
            "docm", "xls", "xlsx", "xlsm", "pptx", "parquet", "orc", "eml", "tmp", "bak", "mp4");

    private TokenKind() {}

    /** The word as it counts: itself, or a placeholder for its kind. */
    static String show(String word, boolean status, boolean first, String wordBefore) {
        if (status) {
            return word;
        }
        String object = identity(word);
        if (object != null) {
            return object;
        }
        if (word.contains("://")) {
            return "‹url›";
        }
        int bracket = word.indexOf('[');
        if (bracket >= 0 && Address.end(word, bracket) > bracket) {
            return "‹host›";
        }
        int mail = word.indexOf('@');
        if (mail > 0 && word.indexOf('.', mail) > 0) {
            return "‹email›";
        }
        int slash = word.indexOf('/');
        if ((slash == 0 || word.startsWith("./") || word.startsWith("~/")) && word.indexOf('/', slash + 1) > 0
                || word.length() > 3 && word.startsWith(":\\", 1)) {
            return "‹path›";
        }
        return hasDigit(word) ? value(word, wordBefore) : plain(word, first, wordBefore);
    }

    /** {@code Foo@1a2b3c} and {@code com.acme.Foo#17} are any Foo. */
    private static @Nullable String identity(String word) {
        int number = word.indexOf('#');
        if (number > 0 && word.lastIndexOf('.', number) > 0 && Thrown.isTypeName(word, number)) {
            return word.substring(0, number) + "#‹id›";
        }
        int mark = word.lastIndexOf('@');
        boolean object = mark > 0 && mark + 4 < word.length() && hex(word, mark + 1);
        return object && Character.isLetter(word.charAt(0)) ? word.substring(0, mark) + "@‹hex›" : null;
    }

    private static String value(String word, String wordBefore) {
        String lower = word.toLowerCase(Locale.ROOT);
        String last = lower.substring(lower.lastIndexOf('.') + 1);
        if (WORDS_WITH_DIGITS.contains(lower) || WORDS_WITH_DIGITS.contains(last)) {
            return word;
        }
        if (lower.startsWith("ora-") || lower.startsWith("sqlstate") || wordBefore.equals("sqlstate")) {
            return word;
        }
        if (word.length() == 36 && word.charAt(8) == '-' && word.charAt(13) == '-' && word.charAt(23) == '-') {
            return "‹uuid›";
        }
        if (isHost(lower)) {
            return "‹host›";
        }
        if (isTime(word)) {
            return "‹time›";
        }
        if (lower.startsWith("0x") || lower.length() >= 8 && hex(lower, 0) && digits(lower, 0) < lower.length()) {
            return "‹hex›";
        }
        String path = FieldPath.of(word);
        return isNumber(word) ? "‹n›" : path == null ? "‹id›" : path;
    }

    private static String plain(String word, boolean first, String wordBefore) {
        if (word.length() == 1 && Character.isLetter(word.charAt(0))) {
            return "aAI".contains(word) ? word : "‹c›";
        }
        if (word.length() == 1 && Character.getType(word.charAt(0)) == Character.CURRENCY_SYMBOL) {
            return "‹code›";
        }
        if (PRINTED.contains(word)) {
            return "‹text›";
        }
        int dot = word.lastIndexOf('.');
        boolean named = word.equals(word.toLowerCase(Locale.ROOT));
        if (named && (word.equals("localhost") || dot > 0 && DOMAINS.contains(word.substring(dot + 1)))) {
            return "‹host›";
        }
        if (dot > 0 && FILES.contains(word.substring(dot + 1).toLowerCase(Locale.ROOT))) {
            return "‹path›";
        }
        if (hex(word, 0) && word.length() >= 8) {
            return "‹hex›";
        }
        boolean capitals = word.length() > 1 && Capitals.all(word);
        boolean kept = first
                || Capitals.isWord(word)
                || CODE_WORDS.contains(wordBefore)
                || word.length() > 5 && word.charAt(0) == 'E' && word.indexOf('_') < 0;
        return capitals && !kept || Capitals.arePair(word) ? "‹code›" : word;
    }

    private static boolean hasDigit(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (Character.isDigit(word.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hex(String word, int from) {
        for (int i = from; i < word.length(); i++) {
            if (Character.digit(word.charAt(i), 16) < 0) {
                return false;
            }
        }
        return from < word.length();
    }

    /** An IPv4 address, a name with a port, or a name below a known domain; a port may follow. */
    private static boolean isHost(String lower) {
        int colon = lower.lastIndexOf(':');
        boolean port =
                colon > 0 && colon + 1 < lower.length() && colon + 1 + digits(lower, colon + 1) == lower.length();
        String name = port ? lower.substring(0, colon) : lower;
        int dots = 0;
        boolean letters = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            dots += c == '.' ? 1 : 0;
            letters |= Character.isLetter(c);
            if (!Character.isLetterOrDigit(c) && "._-[]:".indexOf(c) < 0) {
                return false;
            }
        }
        int dot = name.lastIndexOf('.');
        return letters ? port || dot > 0 && DOMAINS.contains(name.substring(dot + 1)) : dots == 3;
    }

    private static boolean isTime(String word) {
        int year = digits(word, 0);
        boolean date = year == 4 && word.length() >= 8 && word.charAt(4) == '-' && digits(word, 5) == 2;
        boolean clock =
                year > 0 && year <= 2 && word.length() >= 5 && word.charAt(year) == ':' && digits(word, year + 1) == 2;
        return date || clock;
    }

    /** Signs, digits, their separators and at most three letters of a unit or currency. */
    private static boolean isNumber(String word) {
        int letters = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            letters += Character.isLetter(c) ? 1 : 0;
            boolean allowed = Character.isLetterOrDigit(c) || ".,+-_%:/#*^~$€£¥°".indexOf(c) >= 0;
            if (!allowed || letters > 0 && Character.isDigit(c)) {
                return false;
            }
        }
        return letters <= 3;
    }
}
