package io.tcpcopy.tcpcopy.simulation;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A rule of the programs turned round, which the simulation has to find: a patch of their sources.
 *
 * @param name the patch's file name without its ending
 */
record PlantedFault(String name, SourcePatch patch) {
    private static final String ENDING = ".patch";

    /** All faults of a folder, in the order of their names. */
    static List<PlantedFault> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> patches = files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .toList();
            List<PlantedFault> faults = new ArrayList<>();
            for (Path file : patches) {
                String name = file.getFileName().toString();
                faults.add(new PlantedFault(
                        name.substring(0, name.length() - ENDING.length()), new SourcePatch(Files.readAllLines(file))));
            }
            return faults;
        }
    }

    /**
     * Compiles the classes that have the fault.
     *
     * @param root of the sources
     * @param workFolder for copies of the sources and for classes
     * @return the folder with the classes
     * @throws SourcePatch.DoesNotApplyException also if the changed sources do not compile
     */
    Path compile(Path root, Path workFolder) throws IOException, SourcePatch.DoesNotApplyException {
        List<Path> sources = patch.apply(root, workFolder.resolve("sources"));
        Path classes = Files.createDirectories(workFolder.resolve("classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"), "-d", classes.toString());
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            boolean compiled = compiler.getTask(
                            errors, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new SourcePatch.DoesNotApplyException("with it the sources do not compile: " + errors);
            }
        }
        return classes;
    }
}
