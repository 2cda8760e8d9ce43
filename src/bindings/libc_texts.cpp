// The functions of the C library that nlohmann's JSON and Embind call, for the engine as a module: libc's own bring
// software floats of 128 bits and all of printf. JavaScript reads numbers as correctly as libc does. The linker puts
// them in place (--wrap).
#include <cstdarg>
#include <cstddef>
#include <cstring>

#include <emscripten/em_js.h>

// clang-format off
EM_JS(double, number_of_text, (const char* text, size_t size), {
  let digits = "";
  for (let at = text >>> 0, end = at + (size >>> 0); at < end; ++at) digits += String.fromCharCode(HEAPU8[at]);
  return Number(digits);
});
// clang-format on

extern "C" {

// Of a text that is one number in decimal digits as a whole.
double __wrap_strtod(const char* text, char** end) {
  const std::size_t size = std::strlen(text);
  if (end != nullptr) *end = const_cast<char*>(text) + size;
  return number_of_text(text, size);
}

// Of hexadecimal numbers alone: "%04x", "%.4X".
int __wrap_snprintf(char* out, std::size_t room, const char* format, ...) {
  va_list values;
  va_start(values, format);
  std::size_t size = 0;
  const auto put = [&](char c) {
    if (size + 1 < room) out[size] = c;
    ++size;
  };
  for (; *format != '\0'; ++format) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    if (format[1] != '0' && format[1] != '.') __builtin_trap();  // another conversion, which nothing here asks for
    const int digits = format[2] - '0';
    format += 3;
    if (*format != 'x' && *format != 'X') __builtin_trap();
    const unsigned value = va_arg(values, unsigned);
    for (int shift = 4 * digits - 4; shift >= 0; shift -= 4) {
      put((*format == 'x' ? "0123456789abcdef" : "0123456789ABCDEF")[value >> shift & 15]);
    }
  }
  va_end(values);
  if (room > 0) out[size < room ? size : room - 1] = '\0';
  return static_cast<int>(size);
}

// Embind's, for the name of a type that is not bound: which cannot be met, since every binding is called in a test.
int __wrap_sniprintf(char* out, std::size_t room, const char*, ...) {
  if (room > 0) out[0] = '\0';
  return 0;
}

}  // extern "C"
