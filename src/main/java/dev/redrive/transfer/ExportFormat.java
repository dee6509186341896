package dev.redrive.transfer;

import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The files an export can be. */
enum ExportFormat {
    NDJSON("application/x-ndjson", "ndjson"),
    CSV("text/csv; charset=utf-8; header=present", "csv"),
    KCAT("text/x-shellscript; charset=utf-8", "sh");

    final String mediaType;
    final String suffix;

    ExportFormat(String mediaType, String suffix) {
        this.mediaType = mediaType;
        this.suffix = suffix;
    }

    /** As the parameter says, else the header. */
    static ExportFormat asked(Call call) {
        var parameter = call.query("format");
        if (parameter != null) {
            return valueOf(parameter.toUpperCase(Locale.ROOT));
        }
        var accept = call.header("Accept");
        for (var range : (accept == null ? "*/*" : accept).split(",")) {
            var type = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            if (type.equals("*/*") || type.equals("application/*")) {
                return NDJSON;
            }
            for (var format : values()) {
                if (format.mediaType.split(";", 2)[0].equals(type)) {
                    return format;
                }
            }
        }
        throw new RefusedException(
                ProblemCode.NOT_ACCEPTABLE, "There are application/x-ndjson, text/csv and text/x-shellscript");
    }

    ExportLines lines(Call call) {
        return switch (this) {
            case NDJSON -> new NdjsonLines();
            case CSV -> new CsvLines(columns(call));
            case KCAT -> new KcatLines();
        };
    }

    private static List<String> columns(Call call) {
        var given = call.query("columns");
        if (given == null) {
            return CsvLines.DEFAULT;
        }
        var columns =
                Arrays.stream(given.split(",")).map(String::strip).distinct().toList();
        for (var column : columns) {
            if (!CsvLines.isColumn(column)) {
                throw RefusedException.invalidParameter("columns", "No column " + column.replaceAll("\\P{Graph}", "?"));
            }
        }
        return columns;
    }
}
