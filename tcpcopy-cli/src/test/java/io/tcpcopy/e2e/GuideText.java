package io.tcpcopy.e2e;

import io.tcpcopy.lab.LabHosts.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A guide of {@code docs/guides} as it is written: what is to be done on which host, and what is seen of it. Blocks of other languages than
 * these, and of none, are pictures and examples.
 *
 * @param name of its file, without {@code .md}
 * @param blocks in their order
 */
record GuideText(String name, List<Block> blocks) {
    static final Path FOLDER =
            Path.of(Lab.script("test")).resolveSibling("../docs/guides").normalize();

    private static final String INDEX = "README.md";
    private static final Pattern HEADING = Pattern.compile("#+ (.*)");
    private static final Pattern FENCE = Pattern.compile("```(\\w*)");
    private static final Pattern WHERE =
            Pattern.compile("# (?<host>[a-z]+\\d?)(?<keeps>, keeps running)?(?:, ends with (?<status>\\d+))?");

    /** A block of code that the reader is to do something with. */
    sealed interface Block {
        /** The heading of the section that it is in. */
        String heading();

        /** The line of the file in which its text begins. */
        int line();
    }

    /**
     * Commands: a block {@code sh}. Its first line says where they run: {@code # target}, {@code # online, keeps running} for a program that
     * runs until {@code ^C}, {@code # target, ends with 1} for what ends with another status than 0.
     */
    record Commands(String heading, int line, Host host, boolean keepsRunning, int status, String script)
            implements Block {}

    /**
     * What the commands before print, at least: a block {@code text}, see {@link ShownLines}. With the first line {@code ^C} the program that was
     * started last, of those that run, is to be ended by Ctrl-C before.
     */
    record Output(String heading, int line, boolean interrupts, List<String> lines) implements Block {}

    /** Reads a guide. */
    static GuideText read(String name) {
        try {
            return parse(name, Files.readAllLines(FOLDER.resolve(name + ".md")));
        } catch (IOException e) {
            throw new IllegalArgumentException("there is no guide " + name, e);
        }
    }

    /** The names of all guides. */
    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals(INDEX))
                    .map(name -> name.replace(".md", ""))
                    .sorted()
                    .toList();
        }
    }

    /** The page that lists all guides. */
    static String index() throws IOException {
        return Files.readString(FOLDER.resolve(INDEX));
    }

    static GuideText parse(String name, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        String heading = "";
        for (int i = 0; i < lines.size(); i++) {
            Matcher title = HEADING.matcher(lines.get(i));
            Matcher fence = FENCE.matcher(lines.get(i).strip());
            if (title.matches()) {
                heading = title.group(1);
            } else if (fence.matches()) {
                int first = i + 1;
                int end = first;
                while (!lines.get(end).strip().equals("```")) {
                    end++;
                }
                List<String> text = lines.subList(first, end);
                switch (fence.group(1)) {
                    case "sh" -> blocks.add(commands(heading, first + 1, text));
                    case "text" -> blocks.add(output(heading, first + 1, text));
                    default -> {
                        // A picture or an example.
                    }
                }
                i = end;
            }
        }
        return new GuideText(name, blocks);
    }

    private static Commands commands(String heading, int line, List<String> text) {
        Matcher where = WHERE.matcher(text.get(0).strip());
        if (!where.matches()) {
            throw new IllegalArgumentException("line " + line + " does not say on which host: " + text.get(0));
        }
        Host host = Host.valueOf(where.group("host").toUpperCase(Locale.ROOT));
        int status = where.group("status") == null ? 0 : Integer.parseInt(where.group("status"));
        String script = String.join("\n", text.subList(1, text.size())).strip();
        return new Commands(heading, line, host, where.group("keeps") != null, status, script);
    }

    private static Output output(String heading, int line, List<String> text) {
        boolean interrupts = text.get(0).strip().equals("^C");
        return new Output(heading, line, interrupts, text.subList(interrupts ? 1 : 0, text.size()));
    }
}
