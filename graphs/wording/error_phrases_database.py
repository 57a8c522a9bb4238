"""Arabic for what goes wrong with a database and what an operator does about it; see `error_wording`."""

from collections.abc import Mapping

DATABASE_PHRASES: Mapping[str, str] = {
    "The database {place} holds no tables of Partnership OS yet.": (
        "لا تحتوي قاعدة البيانات {place} على جداول Partnership OS بعد."
    ),
    "Run `partnership database upgrade` as a user who may make tables.": (
        "نفّذ `partnership database upgrade` بمستخدم يملك صلاحية إنشاء الجداول."
    ),
    "The database {place} has schema {found}; this version needs {known}.": (
        "مخطط قاعدة البيانات {place} هو {found}، وهذا الإصدار يحتاج إلى {known}."
    ),
    "Run `partnership database upgrade` as a user who may change tables.": (
        "نفّذ `partnership database upgrade` بمستخدم يملك صلاحية تعديل الجداول."
    ),
    "The database {place} is in {encoding} and cannot hold every language.": (
        "ترميز قاعدة البيانات {place} هو {encoding}، فلا تتسع لكل اللغات."
    ),
    "Make one with: createdb --encoding=UTF8 --template=template0 NAME": (
        "أنشئ قاعدة بالأمر: `createdb --encoding=UTF8 --template=template0 NAME`"
    ),
    "Use sqlite:////path/to/partnership.db or postgresql://user@host/name.": (
        "استخدم sqlite:////path/to/partnership.db أو postgresql://user@host/name."
    ),
    "The database URL has two @ signs before its host.": "في عنوان قاعدة البيانات علامتا @ قبل اسم الخادم.",
    "Write an @ in the user or the password as %40.": "اكتب العلامة @ داخل اسم المستخدم أو كلمة المرور هكذا: %40.",
    "The database cannot hold a value: {trouble}.": "لا تستطيع قاعدة البيانات حفظ إحدى القيم: {trouble}.",
    "Shorten or correct it.": "اختصرها أو صحّحها.",
    "The driver for PostgreSQL is not installed.": "مشغّل PostgreSQL غير مثبّت.",
    "Run: pip install 'partnership-os[postgres]'": "نفّذ: `pip install 'partnership-os[postgres]'`",
    "The database {place} cannot be used: every connection of this process is busy.": (
        "يتعذّر استخدام قاعدة البيانات {place}: كل اتصالات هذه العملية مشغولة."
    ),
    "Do less at once in one process, or try again.": "قلّل ما تنفّذه عملية واحدة في الوقت نفسه، أو أعد المحاولة.",
    "The database {place} lacks the tables of the deal threads.": "تنقص قاعدة البيانات {place} جداول مسارات الصفقات.",
    "Try again; nothing was written.": "أعد المحاولة؛ لم يُكتب شيء.",
    "Start the server, or wait until it answers, and try again; what was done is not done twice.": (
        "شغّل الخادم أو انتظر حتى يستجيب، ثم أعد المحاولة؛ ما تم لا يُنفَّذ مرتين."
    ),
    "Correct the user or the password in the database URL.": (
        "صحّح اسم المستخدم أو كلمة المرور في عنوان قاعدة البيانات."
    ),
    "Give the user of the database URL rights on these tables, or use the user who owns them.": (
        "امنح مستخدم عنوان قاعدة البيانات صلاحيات على هذه الجداول، أو استخدم المستخدم المالك لها."
    ),
    "Run `partnership database upgrade`, or restore the database from a backup.": (
        "نفّذ `partnership database upgrade`، أو استعد قاعدة البيانات من نسخة احتياطية."
    ),
    "Raise max_connections of the server, or run fewer processes.": (
        "ارفع قيمة max_connections في الخادم، أو شغّل عمليات أقل."
    ),
    "Use the URL of the primary server; this one can only be read.": (
        "استخدم عنوان الخادم الرئيسي؛ فهذا الخادم للقراءة فقط."
    ),
    "Name a schema that exists in the search_path of the user.": "اذكر في search_path للمستخدم مخططًا موجودًا.",
    "Give this user a longer statement_timeout; nothing was written.": (
        "امنح هذا المستخدم قيمة أكبر لـ statement_timeout؛ لم يُكتب شيء."
    ),
    "Allow this user and this machine in pg_hba.conf of the server.": (
        "اسمح لهذا المستخدم ولهذا الجهاز في ملف pg_hba.conf في الخادم."
    ),
    "Create it with createdb, or correct the name in the database URL.": (
        "أنشئها بالأمر createdb، أو صحّح الاسم في عنوان قاعدة البيانات."
    ),
    "Correct the options after the ? in the database URL.": "صحّح الخيارات التي تلي علامة ? في عنوان قاعدة البيانات.",
    "Correct the host in the database URL.": "صحّح اسم الخادم في عنوان قاعدة البيانات.",
}
