; What the installer says besides the texts of NSIS. makensis stops where a language lacks one.

LangString DESCRIPTION ${LANG_ENGLISH} "News reader that works offline"
LangString DESCRIPTION ${LANG_INDONESIAN} "Pembaca berita yang bisa dipakai offline"

LangString NEEDS_WINDOWS_10 ${LANG_ENGLISH} "Warta needs Windows 10 or newer, 64-bit."
LangString NEEDS_WINDOWS_10 ${LANG_INDONESIAN} "Warta memerlukan Windows 10 atau yang lebih baru, 64-bit."

LangString STILL_RUNS ${LANG_ENGLISH} "Warta is still running, perhaps in the notification area beside the clock. Quit it, then try again."
LangString STILL_RUNS ${LANG_INDONESIAN} "Warta masih berjalan, mungkin di area notifikasi dekat jam. Tutup dulu, lalu coba lagi."

LangString GETS_WEBVIEW2 ${LANG_ENGLISH} "Installing Microsoft Edge WebView2, which shows Warta's window."
LangString GETS_WEBVIEW2 ${LANG_INDONESIAN} "Memasang Microsoft Edge WebView2, yang menampilkan jendela Warta."

LangString NEEDS_WEBVIEW2 ${LANG_ENGLISH} "Microsoft Edge WebView2 could not be installed, and Warta's window needs it. Check the internet connection and try again, or install it from https://developer.microsoft.com/microsoft-edge/webview2/ first."
LangString NEEDS_WEBVIEW2 ${LANG_INDONESIAN} "Microsoft Edge WebView2 tidak bisa dipasang, padahal jendela Warta memerlukannya. Periksa koneksi internet lalu coba lagi, atau pasang dulu dari https://developer.microsoft.com/microsoft-edge/webview2/."

LangString NOT_WRITTEN ${LANG_ENGLISH} "Some files could not be written."
LangString NOT_WRITTEN ${LANG_INDONESIAN} "Sebagian file tidak bisa ditulis."

LangString DATA_STAYS ${LANG_ENGLISH} "Only the program is removed. Your feeds, articles and settings stay in $APPDATA\org.warta.reader, and are there again when you install Warta another time. To remove them too, delete that folder."
LangString DATA_STAYS ${LANG_INDONESIAN} "Hanya programnya yang dihapus. Sumber berita, artikel, dan setelan Anda tetap ada di $APPDATA\org.warta.reader dan bisa dipakai lagi kalau Warta dipasang kembali. Untuk menghapusnya juga, hapus folder itu."
