import Core

/// Reads `config.yml` and `endpoints.yml` of a project written for another engine, as far as they mean something here.
struct ImportedSettingsReader {
  let context: ReadingContext

  func readConfiguration(_ file: String, _ text: String, into settings: inout AssistantSettings) {
    guard let root = context.root(of: file, text: text), let entries = root.entries("config.yml as a map of keys")
    else { return }
    SecretGuard(log: context.log).walk(root)
    for (key, value) in entries {
      switch key.key {
      case "language": settings.locale = locale(value)
      case "assistant_id": if let name = value.scalar?.text { settings.name = name }
      case "recipe", "version": break
      case "pipeline": warn(key, value, "understanding is embedded and learns from descriptions and examples")
      case "policies": readPolicies(value)
      case "additional_languages": warn(key, value, "calls are answered in the assistant's own language")
      default: warn(key, value, "it has no meaning for flows")
      }
    }
  }

  /// `en` has American grammars; other tags stay as they are.
  private func locale(_ reader: YAMLReader) -> LocaleTag {
    guard let locale = reader.locale() else { return .americanEnglish }
    return locale.rawValue == "en" ? .americanEnglish : locale
  }

  private func readPolicies(_ reader: YAMLReader) {
    for item in reader.items("a list of policies") ?? [] {
      guard let name = item.value["name"], case .scalar(let scalar) = name.content, scalar.text != "FlowPolicy" else {
        continue
      }
      let instead =
        scalar.text == "EnterpriseSearchPolicy"
        ? "questions for knowledge get `utter_no_knowledge_base`" : "only flows decide"
      context.log.warning(
        .unsupported, at: name.location, key: item.joined("name"), "`\(scalar.text)` is not run here: \(instead)")
    }
  }

  func readEndpoints(_ file: String, _ text: String, into settings: inout AssistantSettings) {
    guard let root = context.root(of: file, text: text), let entries = root.entries("endpoints.yml as a map of keys")
    else { return }
    SecretGuard(log: context.log).walk(root)
    for (key, value) in entries {
      switch key.key {
      case "action_endpoint":
        warn(
          key, value,
          "actions are tools of `tools.yml`; a step whose action is no tool fails and `pattern_internal_error` runs")
      case "nlg": warn(key, value, "responses are said as they are written")
      case "interaction_handling":
        if let silence = value.value["global_silence_timeout"] {
          let reader = YAMLReader(value: silence, path: value.joined("global_silence_timeout"), log: context.log)
          settings.voice.firstSilence = reader.span() ?? settings.voice.firstSilence
        }
      case "model_groups", "models": warn(key, value, "understanding is embedded")
      default: warn(key, value, "the server's own configuration says where things are kept")
      }
    }
  }

  private func warn(_ key: YAMLEntry, _ value: YAMLReader, _ instead: String) {
    context.log.warning(.unsupported, at: key.keyLocation, key: value.path, "`\(key.key)` is not read here: \(instead)")
  }
}
