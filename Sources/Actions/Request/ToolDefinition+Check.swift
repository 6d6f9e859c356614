import Core

extension ToolDefinition {
  /// What of the declaration cannot work, before any call: methods, places without an argument, patterns.
  func check() throws(ActionsError) {
    for request in [request] + (probe.map { [$0] } ?? []) {
      guard ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(request.method) else {
        throw ActionsError("bad_method", in: self, "unknown method", hint: "GET, POST, PUT, PATCH or DELETE")
      }
      guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") || request.url.hasPrefix("${") else {
        throw ActionsError("bad_url", in: self, "the URL has no scheme", hint: "https://..., or ${NAME}/...")
      }
      let pieces = TemplatePiece.parse(request.url[...])
      if case .literal(let text) = pieces[0] {
        let isWhole = pieces.count == 1 || text.dropFirst("https://".count).contains { $0 == "/" || $0 == "?" }
        guard isWhole, HTTPOrigin(text) != nil else {
          throw ActionsError(
            "bad_url", in: self, "the URL's host is not written out",
            hint: "https://host/..., with no place, user or password in the host, or ${NAME}/...")
        }
      }
      for case .place(let name) in TemplatePiece.parse(request.url[...])
      where name != TemplatePiece.key && !arguments.contains(where: { $0.name == name }) {
        throw ActionsError(
          "unknown_place", in: self, "{\(name)} in the URL is no argument", hint: "Declare the argument \(name)")
      }
    }
    if let probe, probe.method != "GET" {
      throw ActionsError(
        "bad_probe", in: self, "the probe is not a GET", hint: "A probe only asks; it must change nothing")
    }
    for argument in arguments {
      guard let pattern = argument.pattern else { continue }
      guard argument.type == .string, (try? TextPattern(pattern)) != nil else {
        throw ActionsError(
          "bad_pattern", in: self, "the pattern of \(argument.name) is no regular expression on a string",
          hint: "Check the pattern, and that the argument's type is string")
      }
    }
  }
}
