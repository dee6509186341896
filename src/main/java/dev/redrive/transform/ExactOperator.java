package dev.redrive.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.math.BigDecimal;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.operators.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Adds, subtracts, multiplies and compares numbers to the last digit. The library's own operators wrap around at 2^63 and
 * go through doubles. Everything that is no number is left to them.
 */
final class ExactOperator implements BinaryOperator {

    private final BinaryOperator inexact;

    ExactOperator(BinaryOperator inexact) {
        this.inexact = inexact;
    }

    @Override
    public JsonNode apply(ObjectMapper mapper, JsonNode left, JsonNode right) throws JsonQueryException {
        if (left.isNumber() && right.isNumber() && finite(left) && finite(right)) {
            var exact = apply(left.decimalValue(), right.decimalValue());
            if (exact != null) {
                return exact;
            }
        }
        return inexact.apply(mapper, left, right);
    }

    private static boolean finite(JsonNode number) {
        return !number.isDouble() || Double.isFinite(number.doubleValue());
    }

    private @Nullable JsonNode apply(BigDecimal left, BigDecimal right) {
        return switch (inexact.image()) {
            case "+" -> WrittenNumber.of(left.add(right));
            case "-" -> WrittenNumber.of(left.subtract(right));
            case "*" -> WrittenNumber.of(left.multiply(right));
            case "==" -> BooleanNode.valueOf(left.compareTo(right) == 0);
            case "!=" -> BooleanNode.valueOf(left.compareTo(right) != 0);
            case "<" -> BooleanNode.valueOf(left.compareTo(right) < 0);
            case "<=" -> BooleanNode.valueOf(left.compareTo(right) <= 0);
            case ">" -> BooleanNode.valueOf(left.compareTo(right) > 0);
            case ">=" -> BooleanNode.valueOf(left.compareTo(right) >= 0);
            default -> null;
        };
    }

    @Override
    public String image() {
        return inexact.image();
    }
}
