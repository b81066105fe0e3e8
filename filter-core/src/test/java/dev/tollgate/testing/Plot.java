package dev.tollgate.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A picture of values over time, as SVG: panels above each other over one axis of seconds. */
public final class Plot {
    private static final int WIDTH = 760;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int TOP = 44;
    private static final int PANEL = 170;
    private static final int GAP = 46;
    private static final int BOTTOM = 40;

    private final String title;
    private final double seconds;
    private final List<Span> spans = new ArrayList<>();
    private final List<Panel> panels = new ArrayList<>();

    private record Span(double from, double to, String what) {}

    private record Panel(String title, double most, double step, String unit, List<Line> lines) {}

    /** A line through points, each a time in seconds and a value; one that is not a number leaves a gap. */
    public record Line(String name, String colour, List<double[]> points) {}

    public Plot(String title, double seconds) {
        this.title = title;
        this.seconds = seconds;
    }

    /** Marks a span of time, in seconds. */
    public Plot mark(double from, double to, String what) {
        spans.add(new Span(from, to, what));
        return this;
    }

    /**
     * Adds a panel below the others.
     *
     * @param most the greatest value that is shown
     * @param step the distance of two marks on its axis
     */
    public Plot panel(String name, double most, double step, String unit, Line... lines) {
        panels.add(new Panel(name, most, step, unit, List.of(lines)));
        return this;
    }

    /** The text of the picture. */
    public String svg() {
        int height = TOP + panels.size() * PANEL + (panels.size() - 1) * GAP + BOTTOM;
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                .formatted(WIDTH, height));
        svg.append(" font-size=\"12\" fill=\"#333\">\n");
        svg.append("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n".formatted(WIDTH, height));
        text(svg, LEFT, 20, "start", "font-weight=\"bold\" font-size=\"14\"", title);
        for (int i = 0; i < panels.size(); i++) {
            draw(svg, panels.get(i), TOP + i * (PANEL + GAP), i == 0);
        }
        for (double at = 0; at <= seconds; at += 20) {
            text(svg, x(at), height - BOTTOM + 18, "middle", "", "%.0f s".formatted(at));
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, Panel panel, int top, boolean named) {
        for (Span span : spans) {
            svg.append("<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"#fff0e6\"/>\n"
                    .formatted(number(x(span.from)), top, number(x(span.to) - x(span.from)), PANEL));
            if (named) {
                text(svg, x((span.from + span.to) / 2), top + 14, "middle", "fill=\"#a34100\"", span.what);
            }
        }
        for (double mark = 0; mark <= panel.most + panel.step / 1000; mark += panel.step) {
            double y = y(panel, top, mark);
            svg.append("<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\" stroke=\"#ddd\"/>\n"
                    .formatted(LEFT, WIDTH - RIGHT, number(y), number(y)));
            text(svg, LEFT - 8, y + 4, "end", "", "%.0f%s".formatted(mark, panel.unit));
        }
        text(svg, LEFT, top - 8, "start", "", panel.title);
        double legend = WIDTH - RIGHT;
        for (int i = panel.lines.size() - 1; i >= 0; i--) {
            Line line = panel.lines.get(i);
            text(svg, legend, top - 8, "end", "fill=\"" + line.colour + '"', line.name);
            legend -= 14 + line.name.length() * 6.5;
        }
        panel.lines.forEach(line -> draw(svg, panel, top, line));
    }

    private void draw(StringBuilder svg, Panel panel, int top, Line line) {
        List<double[]> run = new ArrayList<>();
        for (double[] point : line.points) {
            if (Double.isNaN(point[1])) {
                polyline(svg, panel, top, line, run);
                run = new ArrayList<>();
            } else {
                run.add(point);
            }
        }
        polyline(svg, panel, top, line, run);
    }

    private void polyline(StringBuilder svg, Panel panel, int top, Line line, List<double[]> run) {
        String points = run.stream()
                .map(each -> number(x(each[0])) + ',' + number(y(panel, top, each[1])))
                .collect(Collectors.joining(" "));
        if (!points.isEmpty()) {
            svg.append("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n"
                    .formatted(line.colour, points));
        }
    }

    private double x(double second) {
        return LEFT + second / seconds * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Panel panel, int top, double value) {
        return top + PANEL - Math.min(1, value / panel.most) * PANEL;
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String more, String text) {
        svg.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" %s>%s</text>\n"
                .formatted(number(x), number(y), anchor, more, text));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
