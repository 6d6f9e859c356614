import Core
public import FoundationEssentials

/// Reads an assistant's folder into the values that conversations are decided by.
///
/// Reading is pure but for the files: the same folder gives the same assistant and the same hash. Every problem is collected;
/// no input makes it trap. Files are read within bounds (`YAMLLimits`, `AssistantFolder`), links are not followed, secrets stay
/// references.
public struct AssistantLoader: Sendable {
  /// A loader.
  public init() {}

  /// Reads the folder at a path; throws every problem when one of them is an error.
  public static func load(folder: String) throws(AssistantLoadError) -> LoadedAssistant {
    try AssistantLoader().load(folder: folder)
  }

  /// Reads the folder at a file URL; throws every problem when one of them is an error.
  public static func load(folder: URL) throws(AssistantLoadError) -> LoadedAssistant {
    try AssistantLoader().load(folder: folder.path)
  }

  /// Reads the folder at a path; throws every problem when one of them is an error.
  ///
  /// - Parameter name: of an assistant whose files give it none; the folder's own name when left out.
  public func load(folder path: String, named name: String? = nil) throws(AssistantLoadError) -> LoadedAssistant {
    let log = ProblemLog()
    guard let folder = AssistantFolder(root: path, log: log) else { throw AssistantLoadError(problems: log.sorted) }
    var context = ReadingContext(log: log, isImported: folder.layout == .imported)
    let settings = settings(of: folder, context, named: name ?? Self.name(of: path))
    context.ladder = settings.identity
    var draft = Draft()
    for file in folder.yaml("domain") {
      read(file, folder) { DomainReader(context: context).read(file, $0, into: &draft) }
    }
    let flows = folder.yaml(folder.layout == .native ? "flows" : "data")
    for file in flows { read(file, folder) { FlowReader(context: context).read(file, $0, into: &draft) } }
    for file in folder.yaml("tools") {
      read(file, folder) { ToolReader(context: context).read(file, $0, into: &draft) }
    }
    let examples = ExamplesReader(context: context, locale: settings.locale)
    for file in folder.yaml("examples") { read(file, folder) { examples.read(file, $0, into: &draft) } }
    folder.warnStrangers()
    let own = draft
    draft.addDefaults(BuiltIn(profile: settings.profile).draft)
    draft.addConsentSlots(settings.consents)
    check(own, draft, settings, context)
    let loaded = assemble(draft, settings, folder, context.references.all, hash: hash(of: folder, settings))
    if !log.isUnreadable { FlowFindings(context: context).add(for: loaded([]).definition) }
    if log.hasErrors { throw AssistantLoadError(problems: log.sorted) }
    return loaded(log.sorted)
  }

  // MARK: Steps

  private func settings(of folder: AssistantFolder, _ context: ReadingContext, named name: String) -> AssistantSettings
  {
    var settings = AssistantSettings(name: name)
    if folder.layout == .native {
      for file in folder.yaml("assistant") {
        read(file, folder) { settings = SettingsReader(context: context).read(file, $0, folder: name) }
      }
      return settings
    }
    let reader = ImportedSettingsReader(context: context)
    for file in folder.yaml("config") { read(file, folder) { reader.readConfiguration(file, $0, into: &settings) } }
    for file in folder.yaml("endpoints") { read(file, folder) { reader.readEndpoints(file, $0, into: &settings) } }
    return settings
  }

  private func read(_ file: String, _ folder: AssistantFolder, _ body: (String) -> Void) {
    if let text = folder.text(file) { body(text) }
  }

  private func check(_ own: Draft, _ whole: Draft, _ settings: AssistantSettings, _ context: ReadingContext) {
    if own.flows.values.allSatisfy(\.isPattern), !context.log.hasErrors {
      context.log.error(
        .missingKey, at: SourceLocation(file: context.isImported ? "data" : "flows", line: 1, column: 1), key: "flows",
        "the assistant has no flow", hint: "write one file a journey, with `flows:` at its top")
    }
    guard !context.log.isUnreadable else { return }
    References(context: context, draft: whole, settings: settings).check()
    SafeguardChecks(context: context, own: own, whole: whole, settings: settings).check()
    Advice(context: context, own: own, settings: settings).give()
  }

  private func hash(of folder: AssistantFolder, _ settings: AssistantSettings) -> String {
    var hash = ContentHash()
    for (name, bytes) in BuiltIn.files(settings.profile) { hash.add(path: "/" + name, content: Data(bytes)) }
    for path in folder.hashed { if let data = folder.bytes(path) { hash.add(path: path, content: data) } }
    return hash.finish()
  }

  private func assemble(
    _ draft: Draft, _ settings: AssistantSettings, _ folder: AssistantFolder, _ references: [EnvironmentReference],
    hash: String
  ) -> ([AssistantProblem]) -> LoadedAssistant {
    let finishing = FlowFinishing(slots: draft.slots, examples: draft.examples[settings.locale] ?? [:])
    let definition = AssistantDefinition(
      version: AssistantVersion(name: settings.name, contentHash: hash), locale: settings.locale,
      persona: settings.persona,
      flows: draft.flows.mapValues(finishing.finish), slots: draft.slots, responses: draft.responses,
      tools: draft.tools,
      destinations: settings.destinations, voice: settings.voice, profile: settings.profile.rawValue,
      identity: settings.identity, consents: settings.consents)
    let known = Set(draft.tools.keys)
    let missing = Set(
      draft.declaredActions.keys.filter {
        !known.contains($0) && !$0.rawValue.hasPrefix("utter_") && !References.builtInActions.contains($0.rawValue)
      })
    return { problems in
      LoadedAssistant(
        definition: definition, problems: problems, jobs: settings.jobs, examples: draft.examples,
        actionsWithoutTool: missing, references: references, layout: folder.layout)
    }
  }

  /// The folder's own name, for projects that name nothing.
  private static func name(of path: String) -> String {
    let last = path.split(separator: "/").last { $0 != "." && $0 != ".." }
    let name = String((last ?? "assistant").map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
    return YAMLReader.isName(name) ? name : "assistant"
  }
}
